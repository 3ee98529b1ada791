//! Measures `parse` on 10,000 ops (`measure`, `measure OPS`) or a file (`measure FILE`): CPU time, MB/s, peak memory.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for the eye")]

use std::fmt::Write as _;

fn text(ops: usize) -> String {
    let mut text = String::from("job big() {\n");
    for n in 0..ops {
        let _ = write!(
            text,
            "  op op_{n} = trainer_{}(lr: 0.004, epochs: {}, dataset: \"s3://bucket/data-{n}\") after op_{} done, op_{} done {{\n    on failed when (outputs.loss ?? 9.9) < 1.9 && op.status == OpStatus.failed run notify(channel: \"alerts-{}\", loss: outputs.loss ?? 0.0)\n    on succeeded when outputs.loss < 0.5 && size(outputs.tags) > 0 run notify(channel: \"ok\", loss: outputs.loss)\n  }}\n",
            n % 7,
            n % 40,
            n.saturating_sub(1),
            n / 2,
            n % 5
        );
    }
    text.push_str("}\n");
    text
}

/// CPU time of this thread in seconds, and its process's peak memory in KiB.
fn usage() -> (f64, u64) {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("linux");
    let nanoseconds: f64 = stat.split(' ').next().and_then(|first| first.parse().ok()).expect("a number");
    let status = std::fs::read_to_string("/proc/self/status").expect("linux");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("peak");
    (nanoseconds / 1e9, peak.trim().trim_end_matches(" kB").parse().expect("a number"))
}

fn main() {
    let wanted = std::env::args().nth(1).unwrap_or_else(|| "10000".to_owned());
    let text = match wanted.parse() {
        Ok(ops) => text(ops),
        Err(_) => std::fs::read_to_string(&wanted).expect("a file that can be read"),
    };
    let (_, before) = usage();
    let mut best = f64::MAX;
    for round in 0..7 {
        let (start, _) = usage();
        let parse = hookc_grammar::parse(&text);
        let (end, peak) = usage();
        best = best.min(end - start);
        if round == 0 {
            println!(
                "{} bytes, {} errors, first {:.1} ms, peak {} KiB over {before} KiB",
                text.len(),
                parse.errors.len(),
                (end - start) * 1e3,
                peak - before
            );
        }
    }
    println!("best {:.1} ms CPU, {:.1} MB/s", best * 1e3, text.len() as f64 / best / 1e6);
}
