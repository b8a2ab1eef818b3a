//! What the stream tells to whom: nothing of an account to a desk without a role on it, whatever cursor it shows and whatever
//! it says that it looks at.

use std::collections::BTreeMap;

use baton_protocol::command::Command;
use baton_protocol::stream::{EntryPage, StreamEvent, StreamRequest};
use baton_protocol::{Cursor, LabelId, LogName, RunId, SeqRanges, routes};
use reqwest::Method;
use serde_json::json;

use super::{ASKERS, Asker, House, QUIRIN, leaks};
use crate::stage::{COFFEE, Stream};

/// A cursor of somebody who was told how the coffee's log begins.
fn stolen(page: &EntryPage) -> BTreeMap<LogName, Cursor> {
    let mut ranges = SeqRanges::new();
    ranges.insert(1, 1);
    let cursor = Cursor { log_id: page.log_id, ranges, chain: page.entries[0].chain.clone() };
    [(LogName::from(COFFEE.to_owned()), cursor)].into()
}

/// Everything that a stream tells until the workspace has this label.
async fn told_until(stream: &mut Stream, label: &str) -> String {
    let mut told = String::new();
    loop {
        let event = stream.next().await.expect("the stream ended");
        let data = event.data().unwrap();
        let is_the_end = matches!(&event, StreamEvent::Entries(_)) && data.contains(label);
        told.push_str(event.name());
        told.push_str(&data);
        if is_the_end {
            return told;
        }
    }
}

impl House {
    async fn everybody_hears(&self, name: &str) {
        let (label, name) = (LabelId::new(), name.to_owned());
        let (colour, removed) = ("#0b6b66".to_owned(), false);
        self.ines.do_it("workspace", Command::DefineLabel { label, name, colour, removed }).await;
    }
}

#[tokio::test]
async fn no_stream_tells_of_an_account_without_a_role_on_it() {
    let house = House::new().await;
    let page: EntryPage = house.petra.page(COFFEE, "after=0").await.map_err(|(_, no)| no).unwrap();
    let viewing = json!({"account": COFFEE, "customer": QUIRIN, "doing": "writes_reply"});
    let presence = json!({"run": RunId::new(), "seq": 1, "state": "online", "viewing": viewing});
    let request = json!({"cursors": stolen(&page), "presence": presence});
    let mut streams = Vec::new();
    for asker in ASKERS {
        if matches!(asker, Asker::CutOff | Asker::NoToken) {
            let told = house.call(asker, Method::POST, routes::STREAM, Some(&request)).await;
            assert_eq!((told.status, told.leaks().len()), (401, 0), "{asker:?}");
            continue;
        }
        let typed: StreamRequest = serde_json::from_value(request.clone()).unwrap();
        streams.push((asker, house.desk(asker).stream(&typed).await));
    }
    let own: StreamRequest = serde_json::from_value(request).unwrap();
    let mut of_petra = house.petra.stream(&own).await;

    house.stage.says(COFFEE, QUIRIN, "m_coffee_2", "the roast of the moon again").await;
    let mark = json!({"account": COFFEE, "customer": QUIRIN, "read_seq": 1});
    let path = routes::read_marks(&COFFEE.into());
    let marked = house.petra.request(Method::POST, &path).json(&mark).send().await.unwrap();
    assert_eq!(marked.status(), 204);
    // What is said in the workspace follows; after the second word of it every stream has looked at all its logs again.
    house.everybody_hears("The first end").await;
    let mut first = Vec::new();
    for (_, stream) in &mut streams {
        first.push(told_until(stream, "The first end").await);
    }
    house.stage.says(COFFEE, QUIRIN, "m_coffee_3", "the roast of the moon once more").await;
    house.everybody_hears("The last end").await;
    for ((asker, stream), first) in streams.iter_mut().zip(first) {
        let told = first + &told_until(stream, "The last end").await;
        assert_eq!(leaks(&told), Vec::<&str>::new(), "{asker:?} hears {told}");
    }
    // The same words are there for whoever may read them.
    let told = told_until(&mut of_petra, "The last end").await;
    assert!(leaks(&told).len() > 2, "{told}");
}
