use crate::cron::{check, has_next_time};

#[test]
fn five_fields_in_their_ranges() {
    for good in ["0 2 * * *", "*/15 0-6 1,15 * mon-fri", "59 23 31 12 7", "0 0 1 JAN sun"] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
    for bad in [
        "",
        "* * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "*/0 * * * *",
        "5-1 * * * *",
        "a * * * *",
        "5/2 * * * *",
        "@daily",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_date_that_no_year_has_never_comes() {
    for never in ["0 0 31 2 *", "0 0 30,31 feb *", "0 0 31 4,6,9,11 *", "*/5 * 31 2-2 *"] {
        assert_eq!(check(never), Ok(()), "{never}");
        assert!(!has_next_time(never), "{never}");
    }
    for some in ["0 0 29 2 *", "0 0 31 2 mon", "0 0 31 2,3 *", "0 0 */30 2 *", "0 2 * * *", "0 0 31 */2 *"] {
        assert!(has_next_time(some), "{some}");
    }
}
