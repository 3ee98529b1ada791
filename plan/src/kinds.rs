//! What the operations of expressions work on: closed lists of words.

use crate::words::words;

words! {
    /// What `eq` and `ne` compare.
    #[expect(missing_docs, reason = "named after the types")]
    CompareOn {
        Bool = "bool",
        Int = "int",
        Float = "float",
        String = "string",
        Enum = "enum",
        Duration = "duration",
        Timestamp = "timestamp",
        List = "list",
        Map = "map",
        Record = "record",
        Null = "null",
    }
}

words! {
    /// What the orders compare.
    #[expect(missing_docs, reason = "named after the types")]
    OrderOn {
        Int = "int",
        Float = "float",
        String = "string",
        Duration = "duration",
        Timestamp = "timestamp",
    }
}

words! {
    /// What `greatest` and `least` choose from.
    #[expect(missing_docs, reason = "named after the types")]
    NumberOn {
        Int = "int",
        Float = "float",
    }
}

words! {
    /// What `sort` orders.
    #[expect(missing_docs, reason = "named after the types")]
    SortOn {
        Bool = "bool",
        Int = "int",
        Float = "float",
        String = "string",
        Duration = "duration",
        Timestamp = "timestamp",
    }
}

words! {
    /// What `to_text` writes.
    #[expect(missing_docs, reason = "named after the types")]
    TextOn {
        Bool = "bool",
        Int = "int",
        Float = "float",
        String = "string",
        Enum = "enum",
        Duration = "duration",
        Timestamp = "timestamp",
        Path = "path",
        Uri = "uri",
        List = "list",
        Map = "map",
        Record = "record",
    }
}

words! {
    /// The macros over collections.
    #[expect(missing_docs, reason = "named after the macros")]
    MacroKind {
        All = "all",
        Exists = "exists",
        ExistsOne = "exists_one",
        Map = "map",
        Filter = "filter",
        /// A map's values, each replaced.
        TransformMap = "transformMap",
    }
}

words! {
    /// The getters of durations and timestamps (CEL, standard definitions).
    #[expect(missing_docs, reason = "named after the getters")]
    TimePart {
        FullYear = "getFullYear",
        Month = "getMonth",
        Date = "getDate",
        DayOfMonth = "getDayOfMonth",
        DayOfWeek = "getDayOfWeek",
        DayOfYear = "getDayOfYear",
        Hours = "getHours",
        Minutes = "getMinutes",
        Seconds = "getSeconds",
        Milliseconds = "getMilliseconds",
    }
}
