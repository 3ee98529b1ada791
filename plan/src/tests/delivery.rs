use crate::delivery::*;

const DELIVERY: Delivery<'_> = Delivery {
    run: "r1",
    node: "nightly.fit",
    item: None,
    epoch: 0,
    attempt: 1,
    n: 0,
    trigger: "failed",
    hook: "nightly.fit.page",
};

#[test]
fn the_id_never_changes() {
    // printf '["r1","nightly.fit",null,0,1,0,"failed","nightly.fit.page"]' | sha256sum
    assert_eq!(delivery_id(&DELIVERY), "hk_447cac1b4907ea36e3122bad0a2ec383");
}

#[test]
fn every_part_counts() {
    let others = [
        Delivery { run: "r2", ..DELIVERY },
        Delivery { node: "nightly.score", ..DELIVERY },
        Delivery { item: Some(0), ..DELIVERY },
        Delivery { epoch: 1, ..DELIVERY },
        Delivery { attempt: 2, ..DELIVERY },
        Delivery { n: 1, ..DELIVERY },
        Delivery { trigger: "done", ..DELIVERY },
        Delivery { hook: "nightly.fit.tell", ..DELIVERY },
    ];
    for other in others {
        assert_ne!(delivery_id(&other), delivery_id(&DELIVERY));
    }
}
