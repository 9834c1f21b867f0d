//! The readable cases, run on the core alone.

mod cases;

mod support {
    /// A table as text.
    #[derive(Debug, Clone)]
    pub(crate) struct Table {
        pub(crate) names: Vec<String>,
        pub(crate) rows: Vec<Vec<String>>,
    }
}
