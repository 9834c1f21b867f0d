/* Makes one chosen system call of a program fail, be cut short or be its last.
 *
 * Built with `cc -shared -fPIC -O1` and preloaded. The program makes some of its calls past libc, so that functions of libc
 * put in place of the real ones would not see them. A seccomp filter sees all: it turns the calls of interest into SIGSYS, and
 * the handler makes the call from an address that the filter lets pass, or does not make it and says what it came to.
 *
 * A call is named by what it is, by the file it is about and by how often the same was called of the same file before:
 * "write here/out/run.json 2". The order in which threads come to their calls does not change such a name.
 *
 *   INJECT_LOG=FILE        gets a line for each call, or, where one is chosen, "hit" for that one
 *   INJECT_ROOM=DIR        a folder that is shown as ".." in names; the current folder is left out of them
 *   INJECT_CALL="NAME FILE N"  the call that is chosen
 *   INJECT_DO=error:ERRNO  it is not made, and fails
 *             after:ERRNO  it is made, and fails all the same
 *             short        it reads or writes one byte, if it reads or writes any
 *             signal:N     the process is sent the signal before the call
 *             late:N       or after it
 *   INJECT_DISK=BYTES      so many bytes fit on the disk, pipes and terminals aside; then it is full
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

#if !defined(__x86_64__) || !defined(__linux__)
#error "the injector knows the system calls of Linux on x86-64 alone"
#endif

/* A system call that the filter lets pass, known by the address it returns to. */
long raw(long number, long a, long b, long c, long d, long e, long f);
extern char raw_returns[];
__asm__(".text\n.globl raw\nraw:\n"
        "mov %rdi,%rax\nmov %rsi,%rdi\nmov %rdx,%rsi\nmov %rcx,%rdx\nmov %r8,%r10\nmov %r9,%r8\nmov 8(%rsp),%r9\n"
        "syscall\n.globl raw_returns\nraw_returns:\nret\n");

/* Where a call says which file it is about. */
enum about { HANDLE, PATH, AT, AT_TARGET, RENAME };

static const struct call {
    int number;
    const char *name;
    enum about about;
} calls[] = {
    {SYS_read, "read", HANDLE},           {SYS_readv, "readv", HANDLE},
    {SYS_pread64, "pread", HANDLE},       {SYS_write, "write", HANDLE},
    {SYS_writev, "writev", HANDLE},       {SYS_pwrite64, "pwrite", HANDLE},
    {SYS_open, "open", PATH},             {SYS_openat, "openat", AT},
    {SYS_close, "close", HANDLE},         {SYS_fstat, "fstat", HANDLE},
    {SYS_stat, "stat", PATH},             {SYS_lstat, "lstat", PATH},
    {SYS_newfstatat, "newfstatat", AT},   {SYS_statx, "statx", AT},
    {SYS_lseek, "lseek", HANDLE},         {SYS_fsync, "fsync", HANDLE},
    {SYS_fdatasync, "fdatasync", HANDLE}, {SYS_ftruncate, "ftruncate", HANDLE},
    {SYS_fallocate, "fallocate", HANDLE}, {SYS_copy_file_range, "copy_file_range", HANDLE},
    {SYS_sendfile, "sendfile", HANDLE},   {SYS_rename, "rename", RENAME},
    {SYS_renameat, "renameat", AT_TARGET}, {SYS_renameat2, "renameat2", AT_TARGET},
    {SYS_mkdir, "mkdir", PATH},           {SYS_mkdirat, "mkdirat", AT},
    {SYS_unlink, "unlink", PATH},         {SYS_unlinkat, "unlinkat", AT},
    {SYS_rmdir, "rmdir", PATH},           {SYS_flock, "flock", HANDLE},
    {SYS_getdents64, "getdents64", HANDLE}, {SYS_mmap, "mmap", HANDLE},
    {SYS_fcntl, "dup", HANDLE},           {SYS_readlink, "readlink", PATH},
    {SYS_access, "access", PATH},
};
enum { CALLS = sizeof calls / sizeof *calls, LONGEST = 1024, SEEN = 1 << 14 };

static int log_to = -1;
static char room[LONGEST], here[LONGEST], chosen[LONGEST];
static char what[16];
static long with;
static int disk_is_limited;
static long disk_left;

/* How often each call was made, by a hash of its name. */
static struct {
    uint64_t name;
    uint64_t times;
} seen[SEEN];

static uint64_t times_before(const char *name) {
    uint64_t hash = 1469598103934665603ull;
    for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 1099511628211ull;
    hash |= 1;
    for (uint64_t at = hash % SEEN;; at = (at + 1) % SEEN) {
        uint64_t empty = 0;
        if (__atomic_compare_exchange_n(&seen[at].name, &empty, hash, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) || empty == hash)
            return __atomic_fetch_add(&seen[at].times, 1, __ATOMIC_SEQ_CST);
    }
}

/* Puts a text behind another one and returns where it ends. */
static char *put(char *at, const char *end, const char *text) {
    while (*text && at < end) *at++ = *text++;
    *at = 0;
    return at;
}

static char *put_number(char *at, const char *end, uint64_t number) {
    char digits[24], *first = digits + sizeof digits - 1;
    *first = 0;
    do *--first = (char)('0' + number % 10);
    while (number /= 10);
    return put(at, end, first);
}

/* The path of an open file. */
static void path_of(long handle, char *path) {
    char link[48], *end = put(link, link + sizeof link - 1, "/proc/self/fd/");
    put_number(end, link + sizeof link - 1, (uint64_t)handle);
    long length = raw(SYS_readlink, (long)link, (long)path, LONGEST - 1, 0, 0, 0);
    path[length < 0 ? 0 : length] = 0;
}

/* Begins with this folder. */
static const char *inside(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]) ? path + length : NULL;
}

/* A path without what differs between two runs: the current folder, and the letters that a staging folder's name was drawn with. */
static char *put_path(char *at, const char *end, const char *path) {
    const char *rest;
    if ((rest = inside(path, here))) path = *rest ? rest + 1 : ".";
    else if ((rest = inside(path, room))) at = put(at, end, ".."), path = rest;
    while (path[0] == '.' && path[1] == '/') path += 2;
    /* A pipe or socket has no path, but a number. */
    if (!strncmp(path, "pipe:[", 6)) path = "pipe";
    if (!strncmp(path, "socket:[", 8)) path = "socket";
    while (*path && at < end) {
        static const char drawn[] = ".sustain-";
        if (!strncmp(path, drawn, sizeof drawn - 1)) {
            at = put(at, end, ".sustain-*");
            path += sizeof drawn - 1;
            while (*path && *path != '/') path++;
        } else *at++ = *path == ' ' ? '_' : *path, path++;
    }
    *at = 0;
    return at;
}

static char *put_at(char *at, const char *end, long folder, const char *path) {
    char whole[LONGEST] = "";
    char *to = whole;
    if ((int)folder != AT_FDCWD && (!path || *path != '/')) {
        path_of((int)folder, whole);
        to += strlen(whole);
        if (path && *path) to = put(to, whole + LONGEST - 1, "/");
    }
    put(to, whole + LONGEST - 1, path ? path : "");
    return put_path(at, end, whole);
}

/* The file a call is about. */
static char *put_about(char *at, const char *end, const struct call *call, const long *args) {
    char path[LONGEST];
    switch (call->about) {
    case PATH: return put_path(at, end, (const char *)args[0]);
    case AT: return put_at(at, end, args[0], (const char *)args[1]);
    case RENAME: return put_path(at, end, (const char *)args[1]);
    case AT_TARGET: return put_at(at, end, args[2], (const char *)args[3]);
    case HANDLE: break;
    }
    long handle = call->number == SYS_mmap ? args[4] : args[0];
    if (handle >= 0 && handle <= 2) return put(at, end, (const char *[]){"stdin", "stdout", "stderr"}[handle]);
    path_of(handle, path);
    return put_path(at, end, path);
}

static long make(const struct call *call, const long *a) {
    return raw(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Makes a call read or write one byte. */
static long make_short(const struct call *call, const long *args) {
    long few[6];
    struct iovec one;
    memcpy(few, args, sizeof few);
    switch (call->number) {
    case SYS_read: case SYS_pread64: case SYS_write: case SYS_pwrite64:
        few[2] = args[2] > 1;
        break;
    case SYS_readv: case SYS_writev:
        if (args[2] < 1) break;
        one = *(const struct iovec *)args[1];
        one.iov_len = one.iov_len > 1;
        few[1] = (long)&one, few[2] = 1;
        break;
    case SYS_copy_file_range:
        few[4] = 1;
        break;
    case SYS_sendfile:
        few[3] = 1;
        break;
    default: break;
    }
    return make(call, few);
}

static int is_file(long handle) {
    struct stat found;
    return raw(SYS_fstat, handle, (long)&found, 0, 0, 0, 0) == 0 && S_ISREG(found.st_mode);
}

/* Writes as much as fits on the disk. */
static long make_within_disk(const struct call *call, const long *args) {
    long wanted, few[6];
    memcpy(few, args, sizeof few);
    switch (call->number) {
    case SYS_write: case SYS_pwrite64: wanted = args[2]; break;
    case SYS_writev:
        wanted = 0;
        for (long part = 0; part < args[2]; part++) wanted += (long)((const struct iovec *)args[1])[part].iov_len;
        break;
    case SYS_copy_file_range: wanted = args[4]; break;
    case SYS_sendfile: wanted = args[3]; break;
    default: return make(call, args);
    }
    if (!is_file(call->number == SYS_copy_file_range ? args[2] : args[0]) || wanted == 0) return make(call, args);
    long left = __atomic_fetch_sub(&disk_left, wanted, __ATOMIC_SEQ_CST);
    if (left >= wanted) return make(call, args);
    if (left <= 0) return -ENOSPC;
    switch (call->number) {
    case SYS_write: case SYS_pwrite64: few[2] = left; break;
    case SYS_copy_file_range: few[4] = left; break;
    case SYS_sendfile: few[3] = left; break;
    default: return -ENOSPC;
    }
    return make(call, few);
}

static long make_as_told(const struct call *call, const long *args) {
    long self = raw(SYS_getpid, 0, 0, 0, 0, 0, 0);
    if (!strcmp(what, "error")) return -with;
    if (!strcmp(what, "short")) return make_short(call, args);
    if (!strcmp(what, "signal")) raw(SYS_kill, self, with, 0, 0, 0, 0);
    long result = make(call, args);
    if (!strcmp(what, "late")) raw(SYS_kill, self, with, 0, 0, 0, 0);
    return !strcmp(what, "after") ? -with : result;
}

static void answer(int signal, siginfo_t *info, void *context) {
    (void)signal;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    long args[6] = {registers[REG_RDI], registers[REG_RSI], registers[REG_RDX],
                    registers[REG_R10], registers[REG_R8],  registers[REG_R9]};
    const struct call *call = calls;
    while (call->number != info->si_syscall) call++;
    char line[LONGEST], *end = line + LONGEST - 32;
    char *at = put(line, end, call->name);
    at = put(at, end, " ");
    at = put_about(at, end, call, args);
    uint64_t times = times_before(line);
    at = put(at, end + 1, " ");
    at = put_number(at, line + LONGEST - 2, times);
    int is_chosen = *chosen && !strcmp(line, chosen);
    if (log_to >= 0) {
        *at = '\n';
        if (is_chosen) raw(SYS_write, log_to, (long)"hit\n", 4, 0, 0, 0);
        else if (!*chosen) raw(SYS_write, log_to, (long)line, at - line + 1, 0, 0, 0);
    }
    registers[REG_RAX] = is_chosen ? make_as_told(call, args)
                         : disk_is_limited ? make_within_disk(call, args)
                                           : make(call, args);
}

static void filter(void) {
    enum { MOST = 3 * CALLS + 32 };
    struct sock_filter program[MOST];
    unsigned length = 0;
#define STATEMENT(code, value) program[length++] = (struct sock_filter)BPF_STMT(code, value)
#define JUMP(code, value, yes, no) program[length++] = (struct sock_filter)BPF_JUMP(code, value, yes, no)
#define LOAD(field) STATEMENT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ALLOW STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define TRAP STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)
    uint64_t own = (uint64_t)(uintptr_t)raw_returns;
    LOAD(arch);
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    ALLOW;
    LOAD(instruction_pointer);
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)own, 0, 3);
    STATEMENT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4);
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(own >> 32), 0, 1);
    ALLOW;
    LOAD(nr);
    /* Memory without a file is none of ours, and neither is what asks after a handle. */
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 4);
    STATEMENT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[3]));
    JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 0, 1);
    ALLOW;
    TRAP;
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 4);
    STATEMENT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1]));
    JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_DUPFD_CLOEXEC, 1, 0);
    ALLOW;
    TRAP;
    for (unsigned call = 0; call < CALLS; call++) {
        JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[call].number, 0, 1);
        TRAP;
    }
    ALLOW;
    struct sock_fprog whole = {.len = (unsigned short)length, .filter = program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &whole)) {
        perror("injector: the filter was refused");
        _exit(99);
    }
}

static void copied(char *to, const char *variable) {
    const char *value = getenv(variable);
    if (value) put(to, to + LONGEST - 1, value);
}

__attribute__((constructor)) static void begin(void) {
    const char *told = getenv("INJECT_DO"), *log = getenv("INJECT_LOG"), *disk = getenv("INJECT_DISK");
    copied(room, "INJECT_ROOM");
    copied(chosen, "INJECT_CALL");
    if (!getcwd(here, sizeof here)) _exit(99);
    if (told) {
        const char *colon = strchr(told, ':');
        size_t length = colon ? (size_t)(colon - told) : strlen(told);
        memcpy(what, told, length < sizeof what ? length : sizeof what - 1);
        with = colon ? atol(colon + 1) : 0;
    }
    if (disk) disk_is_limited = 1, disk_left = atol(disk);
    if (log) {
        int opened = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        /* Out of the way of the program's own handles. */
        log_to = fcntl(opened, F_DUPFD_CLOEXEC, 300);
        close(opened);
        if (log_to < 0) _exit(99);
    }
    struct sigaction action = {.sa_sigaction = answer, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
    if (sigaction(SIGSYS, &action, NULL)) _exit(99);
    unsetenv("LD_PRELOAD");
    filter();
}
