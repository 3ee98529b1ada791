use crate::tests::notation::check;

const MOMENT: &str = "2009-02-13T23:31:30.123456789Z";

#[test]
fn durations_are_checked() {
    check("(dur_add 1h 30m)", "1h30m");
    check("(dur_sub 1h 90m)", "-30m");
    check("(dur_neg 5s)", "-5s");
    check("(dur_add 2562047h 2562047h)", "!overflow");
    check("(dur_sub -2562047h 2562047h)", "!overflow");
    check("(lt 59m 1h)", "true");
    check("(eq 60m 1h)", "true");
    check("(seconds 1500ms)", "1.5");
    check("(seconds -1ns)", "-1e-9");
    check("(seconds 2562047h47m16s854775807ns)", "9223372036.854776");
}

#[test]
fn parts_of_durations_are_totals_but_the_milliseconds() {
    check("(dur_part getHours 10000s)", "2");
    check("(dur_part getMinutes 3730s)", "62");
    check("(dur_part getSeconds 3730s)", "3730");
    check("(dur_part getMilliseconds 123s321456789ns)", "321");
    check("(dur_part getHours -90m)", "-1");
    check("(dur_part getFullYear 1h)", "!parse");
}

#[test]
fn moments_stay_between_the_years_1_and_9999() {
    check("(ts_add 2009-02-13T23:00:00Z 240s)", "2009-02-13T23:04:00Z");
    check("(ts_sub 2009-02-13T23:00:00Z 1ns)", "2009-02-13T22:59:59.999999999Z");
    check("(ts_diff 2009-02-13T23:31:00Z 2009-02-13T23:29:00Z)", "2m");
    check("(ts_diff 2009-02-13T23:29:00Z 2009-02-13T23:31:00Z)", "-2m");
    check("(ts_add 9999-12-31T23:59:59Z 1s)", "!overflow");
    check("(ts_add 9999-12-31T23:59:59Z 999999999ns)", "9999-12-31T23:59:59.999999999Z");
    check("(ts_sub 0001-01-01T00:00:00Z 1ns)", "!overflow");
    check("(ts_diff 9999-12-31T23:59:59Z 0001-01-01T00:00:00Z)", "!overflow");
    check("(lt 2009-02-13T23:00:00Z 2009-02-13T23:00:00.1Z)", "true");
    check("(eq 2009-02-14T01:00:00+02:00 2009-02-13T23:00:00Z)", "true");
}

#[test]
fn parts_of_moments_in_utc() {
    let parts = [
        ("getFullYear", "2009"),
        ("getMonth", "1"),
        ("getDate", "13"),
        ("getDayOfMonth", "12"),
        ("getDayOfWeek", "5"),
        ("getDayOfYear", "43"),
        ("getHours", "23"),
        ("getMinutes", "31"),
        ("getSeconds", "30"),
        ("getMilliseconds", "123"),
    ];
    for (part, wanted) in parts {
        check(&format!("(ts_part {part} {MOMENT})"), wanted);
    }
}

#[test]
fn parts_of_moments_in_zones() {
    check(&format!("(ts_part getDate {MOMENT} \"Australia/Sydney\")"), "14");
    check(&format!("(ts_part getDayOfMonth {MOMENT} \"US/Central\")"), "12");
    check(&format!("(ts_part getHours {MOMENT} \"02:00\")"), "1");
    check(&format!("(ts_part getHours {MOMENT} \"+02:00\")"), "1");
    check(&format!("(ts_part getMinutes {MOMENT} \"-00:30\")"), "1");
    check(&format!("(ts_part getDayOfWeek {MOMENT} \"Asia/Kathmandu\")"), "6");
    check(&format!("(ts_part getMinutes {MOMENT} \"Asia/Kathmandu\")"), "16");
    check(&format!("(ts_part getHours {MOMENT} \"UTC\")"), "23");
    // Summer time begins.
    check("(ts_part getHours 2026-03-29T00:59:59Z \"Europe/Berlin\")", "1");
    check("(ts_part getHours 2026-03-29T01:00:00Z \"Europe/Berlin\")", "3");
    check("(ts_part getFullYear 9999-12-31T23:59:59Z \"Europe/Berlin\")", "10000");
    check("(ts_part getHours 0001-01-01T00:00:00Z \"-05:00\")", "19");
    for zone in ["Nowhere/At_All", "europe/berlin", "", "+2:00", "+24:00", "02:60"] {
        check(&format!("(ts_part getHours {MOMENT} \"{zone}\")"), "!parse");
        check(&format!("(ts_part getHours {MOMENT} (concat \"{zone}\" \"\"))"), "!parse");
    }
    check(&format!("(ts_part getHours {MOMENT} (concat \"+02\" \":00\"))"), "1");
}

#[test]
fn moments_and_seconds() {
    check("(timestamp_to_int 2009-02-13T23:31:30.9Z)", "1234567890");
    check("(timestamp_to_int 1969-12-31T23:59:59.5Z)", "-1");
    check("(int_to_timestamp 1234567890)", "2009-02-13T23:31:30Z");
    check("(int_to_timestamp 253402300800)", "!overflow");
    check("(int_to_timestamp -62135596801)", "!overflow");
}

#[test]
fn moments_and_durations_from_text() {
    check("(parse_timestamp \"2009-02-13T23:31:30Z\")", "2009-02-13T23:31:30Z");
    check("(parse_timestamp \"today\")", "!parse");
    check("(parse_timestamp \"0000-01-01T00:00:00Z\")", "!range");
    check("(parse_timestamp \"9999-12-31T23:59:59-01:00\")", "!range");
    check("(parse_duration \"1h30m\")", "1h30m");
    check("(parse_duration \"soon\")", "!parse");
    check("(parse_duration \"999999999h\")", "!overflow");
}

#[test]
fn moments_as_text() {
    check("(format_time 2009-02-13T23:31:30Z \"%Y-%m-%d\")", "\"2009-02-13\"");
    check(
        "(format_time 2009-02-13T23:31:30Z \"%H:%M:%S %p %I %j %a %A %b %B\")",
        "\"23:31:30 PM 11 044 Fri Friday Feb February\"",
    );
    check(
        "(format_time 2009-02-13T00:05:09.25Z \"%F %T.%f %y %u %w %z %Z %I %p 100%%\")",
        "\"2009-02-13 00:05:09.250000 09 5 5 +0000 UTC 12 AM 100%\"",
    );
    check("(format_time 0001-01-01T00:00:00Z \"%Y %a\")", "\"0001 Mon\"");
    check("(format_time 2009-02-13T23:31:30Z \"%Q\")", "!parse");
    check("(format_time 2009-02-13T23:31:30Z \"%\")", "!parse");
}
