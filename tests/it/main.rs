//! One binary for all integration tests: building it once is most of what a test run costs.

mod cases;
