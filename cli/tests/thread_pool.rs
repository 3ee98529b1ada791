#[test]
fn results_keep_their_order() {
    let items: Vec<u32> = (0..1_000).collect();
    assert_eq!(crate::checking::thread_pool::map(&items, |n| n * 2), items.iter().map(|n| n * 2).collect::<Vec<_>>());
    assert!(crate::checking::thread_pool::map(&[] as &[u32], |n| *n).is_empty());
}
