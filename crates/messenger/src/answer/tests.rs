//! Every documented answer of Graph is read.

use rstest::rstest;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::*;
use crate::id::{AccountId, AppId, CustomerId, Mid, Platform};
use crate::routing::RoutingMode;

macro_rules! fixture {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("../../../../fixtures/graph_", $name, ".json")))
            .unwrap()
    };
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

fn kettle_corner() -> AccountId {
    "104500000000011".into()
}

#[test]
fn a_page_of_conversations_leads_to_the_next() {
    let page: Page<Conversation> = read(&fixture!("conversations_messenger_page1"));
    assert_eq!(page.after(), Some("QVFIUfixtureAfter1"));
    let [first, second] = &page.data[..] else { panic!("two threads expected") };
    assert_eq!(first.id.as_deref(), Some("t_9000000000000301"));
    assert_eq!(first.updated_ms, Some(1_791_190_924_000));
    assert_eq!((first.unread_count, first.is_owner), (Some(2), Some(false)));
    assert_eq!(first.customer(&kettle_corner()).unwrap().name.as_deref(), Some("Mara Lindt"));
    assert_eq!(second.customer(&kettle_corner()).unwrap().id, Some(CustomerId::from("6200000000000102")));
    assert_eq!(second.is_owner, Some(true));
}

#[test]
fn the_last_page_ends_though_it_has_cursors() {
    let page: Page<Conversation> = read(&fixture!("conversations_messenger_last"));
    assert_eq!(page.data.len(), 1);
    assert_eq!(page.after(), None);
}

#[test]
fn an_empty_list_may_lack_paging() {
    let page: Page<Conversation> = read(&fixture!("conversations_empty"));
    assert!(page.data.is_empty() && page.after().is_none());
    let page: Page<Conversation> = read(&fixture!("conversation_by_user"));
    assert_eq!(page.data[0].is_owner, None);
}

#[test]
fn instagram_threads_have_user_names() {
    let page: Page<Conversation> = read(&fixture!("conversations_instagram"));
    let customer = page.data[0].customer(&"17841400000000033".into()).unwrap();
    assert_eq!(customer.username.as_deref(), Some("mara.lindt"));
    assert!(page.data[1].participants.is_empty());
}

#[test]
fn a_next_link_is_never_shown() {
    let page: Page<Conversation> = read(&fixture!("conversations_messenger_page1"));
    let shown = format!("{page:?}{}", serde_json::to_string(&page).unwrap());
    assert!(!shown.contains("graph.facebook.com"), "{shown}");
}

#[test]
fn messages_of_a_thread_come_newest_first() {
    let conversation: Conversation = read(&fixture!("conversation_messages"));
    let messages = conversation.messages.unwrap();
    assert_eq!(messages.after(), Some("QVFIUfixtureMsgA"));
    let [newest, picture, oldest] = &messages.data[..] else { panic!("three messages expected") };
    assert_eq!(newest.is_from_account(&kettle_corner()), Some(false));
    assert_eq!(newest.created_ms, Some(1_791_190_920_000));
    assert_eq!(oldest.is_from_account(&kettle_corner()), Some(true));
    assert_eq!(oldest.text.as_deref(), Some("Yes, we have three left."));
    let image = picture.attachments[0].image_data.as_ref().unwrap();
    assert_eq!((image.width, image.height, image.render_as_sticker), (Some(960), Some(720), false));
}

#[test]
fn every_variant_of_a_message_is_read() {
    let all = fixture!("message");
    let message = |variant: &str| read::<ConversationMessage>(&all["variants"][variant]);

    let reply_to = message("text").reply_to.unwrap();
    assert_eq!(reply_to.mid, Some(Mid::from("m_FxMsg0020q9Zr4kTnWc7uYb2LhVd8sEo1PaXi6Jg3RmNf5Bt0Kw")));

    let files = message("attachments").attachments;
    assert_eq!(files[0].video_data.as_ref().unwrap().length, Some(12));
    assert_eq!(files[1].name.as_deref(), Some("invoice.pdf"));
    assert_eq!(files[2].mime_type.as_deref(), Some("audio/mp4"));

    let card = message("generic_template").attachments.remove(0).generic_template.unwrap();
    assert_eq!(card.subtitle.as_deref(), Some("1.7 l, €39"));

    let shared = message("shares_and_reactions");
    assert_eq!(shared.shares[0].name.as_deref(), Some("Autumn opening hours"));
    assert_eq!(shared.reactions[0].users[0].name.as_deref(), Some("Kettle Corner"));

    let story = message("instagram_story_mention").story.unwrap().mention.unwrap();
    assert_eq!(story.id.as_deref(), Some("18000000000000004"));
    assert!(story.url.is_some());

    let from = message("instagram_text").from.unwrap();
    assert_eq!(from.username.as_deref(), Some("mara.lindt"));
    assert_eq!(all["variants"].as_object().unwrap().len(), 6);
}

#[test]
fn profiles_give_a_name_or_nothing() {
    let profile: UserProfile = read(&fixture!("user_profile_messenger"));
    assert_eq!(profile.display_name().as_deref(), Some("Mara Lindt"));
    let profile: UserProfile = read(&fixture!("user_profile_instagram"));
    assert_eq!(profile.username.as_deref(), Some("mara.lindt"));
    assert_eq!(profile.follower_count, Some(812));
    let empty: UserProfile = serde_json::from_str("{}").unwrap();
    assert_eq!(empty.display_name(), None);
}

#[test]
fn accounts_tell_what_may_be_done_and_hide_their_tokens() {
    let mut accounts: Page<PageAccount> = serde_json::from_value(fixture!("me_accounts")).unwrap();
    assert!(!format!("{accounts:?}").contains("EAAFIXTURE"));
    let [shop, cafe] = &mut accounts.data[..] else { panic!("two Pages expected") };
    assert!(shop.can_message() && shop.can_subscribe());
    assert!(!cafe.can_message() && !cafe.can_subscribe());
    assert_eq!(shop.instagram_business_account.as_ref().unwrap().id, AccountId::from("17841400000000033"));
    assert_eq!(shop.take_token().as_deref(), Some("EAAFIXTUREpageTokenOne"));
    assert_eq!(shop.take_token(), None);
}

#[test]
fn a_living_and_a_dead_token() {
    let all = fixture!("debug_token");
    let living: TokenFacts = read(&all["variants"]["page_token"]);
    assert!(living.is_valid);
    assert_eq!(living.expires_ms, None);
    assert_eq!(living.data_access_expires_ms, Some(1_798_966_800_000));
    assert_eq!(living.account, Some(kettle_corner()));
    assert_eq!(living.granular_scopes[0].target_ids, [kettle_corner()]);
    assert!(living.scopes.iter().any(|scope| scope == "pages_messaging"));

    let dead: TokenFacts = read(&all["variants"]["invalid"]);
    assert!(!dead.is_valid);
    let error = dead.error.unwrap();
    assert_eq!((error.code, error.subcode), (190, Some(460)));
}

#[test]
fn the_three_answers_about_an_owner() {
    let all = fixture!("thread_owner");
    let owner = |variant: &str| read::<ThreadOwner>(&all["variants"][variant]);
    let ours = OwnerApp { app_id: AppId::from("700100200300400"), expires_ms: Some(1_791_277_200_000) };
    assert_eq!(owner("visible"), ThreadOwner::App(ours));
    assert_eq!(
        owner("other_owner_and_not_default_app"),
        ThreadOwner::Hidden { expires_ms: Some(1_791_277_200_000) }
    );
    assert_eq!(owner("idle"), ThreadOwner::Idle);
}

#[test]
fn routing_and_subscription_are_read() {
    let status: FeatureStatus = read(&fixture!("messaging_feature_status"));
    assert_eq!(status, FeatureStatus { hop_v2: false, msgr_multi_app: true, ig_multi_app: false });
    assert_eq!(status.routing(Platform::Messenger), RoutingMode::On);
    assert_eq!(status.routing(Platform::Instagram), RoutingMode::Off);
    let apps: Page<SubscribedApp> = read(&fixture!("subscribed_apps"));
    assert_eq!(apps.data[0].id, AppId::from("700100200300400"));
    assert_eq!(apps.data[0].missing(crate::limits::PAGE_FIELDS_NEEDED), Vec::<&str>::new());
    assert_eq!(apps.data[0].missing(&["standby", "feed"]), ["feed"]);
}

#[rstest]
#[case::old_protocol(r#"{"hop_v2": true, "msgr_multi_app": false}"#, RoutingMode::HopV2, RoutingMode::HopV2)]
#[case::both_named(r#"{"hop_v2": true, "msgr_multi_app": true}"#, RoutingMode::On, RoutingMode::HopV2)]
#[case::as_text(r#"{"ig_multi_app": "true"}"#, RoutingMode::Off, RoutingMode::On)]
#[case::none(r#"{}"#, RoutingMode::Off, RoutingMode::Off)]
fn each_channel_has_its_routing(
    #[case] features: &str,
    #[case] messenger: RoutingMode,
    #[case] instagram: RoutingMode,
) {
    let body = format!(r#"{{"messaging_feature_status": {features}, "id": "1"}}"#);
    let status: FeatureStatus = serde_json::from_str(&body).unwrap();
    assert_eq!(status.routing(Platform::Messenger), messenger);
    assert_eq!(status.routing(Platform::Instagram), instagram);
}

#[test]
fn the_old_protocols_receivers_are_read() {
    let receivers: Page<SecondaryReceiver> = read(&fixture!("secondary_receivers"));
    assert_eq!(receivers.data[0].name.as_deref(), Some("Kettle Bot"));
    assert_eq!(receivers.data[1].id, AppId::from(crate::id::PAGE_INBOX));
    let body = r#"{"data": [{"id": 700555666777888}]}"#;
    let receivers: Page<SecondaryReceiver> = serde_json::from_str(body).unwrap();
    assert_eq!((receivers.data[0].id.as_str(), receivers.data[0].name.as_deref()), ("700555666777888", None));
}

#[test]
fn a_page_says_who_it_is_and_which_instagram_account_is_its_own() {
    let me: Me = read(&fixture!("me"));
    assert_eq!((me.id, me.name.as_deref()), (kettle_corner(), Some("Kettle Corner")));
    let all = fixture!("linked_instagram");
    let of = |variant: &str| read::<LinkedInstagram>(&all["variants"][variant]).instagram_business_account;
    assert_eq!(of("linked").unwrap().id, AccountId::from("17841400000000033"));
    assert_eq!(of("none"), None);
    assert_eq!(all["variants"].as_object().unwrap().len(), 2);
}

#[test]
fn what_the_app_is_subscribed_to_is_read() {
    let all: Page<AppSubscription> = read(&fixture!("app_subscriptions"));
    let objects: Vec<_> = all.data.iter().map(|each| each.object.as_deref()).collect();
    assert_eq!(objects, [Some("page"), Some("instagram")]);
    assert_eq!(all.data[1].missing(&["messaging_seen", "message_edit"]), ["message_edit"]);
}

#[test]
fn the_messages_of_a_thread_come_as_a_list_of_their_own_too() {
    let page: Page<ConversationMessage> = read(&fixture!("conversation_messages_edge"));
    assert_eq!(page.data[0].text.as_deref(), Some("Where is my parcel?"));
    assert_eq!((page.data.len(), page.after()), (2, Some("QVFIUfixtureMsgA")));
}

#[test]
fn answers_to_a_send() {
    let all = fixture!("send_responses");
    let answer = |variant: &str| read::<SendAnswer>(&all["variants"][variant]);
    assert!(answer("message").mid.is_some() && answer("message").recipient.is_some());
    assert_eq!(answer("message_with_attachment").attachment_id.as_deref(), Some("687700000000001"));
    assert_eq!(answer("message_to_user_ref").recipient, None);
    assert_eq!(answer("sender_action").mid, None);
    assert_eq!(answer("attachment_upload").attachment_id.as_deref(), Some("687700000000002"));
}

#[test]
fn yes_comes_as_a_flag_or_as_text() {
    assert!(read::<Success>(&fixture!("success_true")).success);
    assert!(serde_json::from_str::<Success>(r#"{"success":"true"}"#).unwrap().success);
    assert!(!serde_json::from_str::<Success>("{}").unwrap().success);
}

#[test]
fn personas_and_the_profile_are_read() {
    let all = fixture!("personas");
    let personas: Page<Persona> = read(&all["variants"]["list"]);
    assert_eq!(personas.data[1].name.as_deref(), Some("Tom B."));
    assert_eq!(read::<Persona>(&all["variants"]["created"]).id.as_str(), "550000000000003");
    assert!(read::<Success>(&all["variants"]["deleted"]).success);
    assert_eq!(all["variants"].as_object().unwrap().len(), 3);

    let all = fixture!("messenger_profile");
    let profile: MessengerProfile = read(&all["variants"]["get"]);
    assert!(profile.names().eq(["get_started", "greeting", "persistent_menu", "whitelisted_domains"]));
    assert!(read::<ProfileResult>(&all["variants"]["set_or_delete"]).is_success());
    assert!(!serde_json::from_str::<ProfileResult>("{}").unwrap().is_success());
    assert_eq!(all["variants"].as_object().unwrap().len(), 2);
}

#[test]
fn the_parts_of_a_batch_are_read_each_for_itself() {
    let parts: Vec<Option<BatchPart>> = read(&fixture!("batch_response"));
    let [Some(found), Some(refused), None] = &parts[..] else {
        panic!("three parts expected, one of them null")
    };
    let message: ConversationMessage = serde_json::from_str(found.body.as_deref().unwrap()).unwrap();
    assert_eq!(message.text.as_deref(), Some("Yes, we have three left."));
    assert_eq!((found.error(), found.headers.len()), (None, 1));
    let error = refused.error().unwrap();
    assert_eq!((error.http_status, error.code, error.subcode), (400, 100, Some(33)));
}

#[test]
fn a_share_may_have_both_its_old_and_its_new_names() {
    let both = r#"{"shares": {"data": [{"id": "1", "type": "reel", "link": "https://a.invalid", "url": "https://b.invalid",
        "name": "A", "title": "B"}, {"url": "https://c.invalid", "title": "C"}]},
        "story": {"reply_to": {"id": "1", "link": "https://d.invalid", "url": "https://e.invalid"}},
        "tags": {"data": [{"name": "inbox"}, {"name": "source:chat"}]}}"#;
    let message: ConversationMessage = serde_json::from_str(both).unwrap();
    assert_eq!(message.shares[0].link.as_deref(), Some("https://a.invalid"));
    assert_eq!((message.shares[1].name.as_deref(), message.shares[1].kind.as_deref()), (Some("C"), None));
    assert!(message.story.unwrap().reply_to.unwrap().url.is_some());
    assert_eq!(message.tags, ["inbox", "source:chat"]);
}

#[test]
fn a_kept_message_is_the_same_again() {
    let all = fixture!("message");
    for (variant, message) in all["variants"].as_object().unwrap() {
        let message: ConversationMessage = read(message);
        let again: ConversationMessage = read(&serde_json::to_value(&message).unwrap());
        assert_eq!(again, message, "{variant}");
    }
}

/// Some answers are read by the client, which knows headers and hides tokens.
#[test]
fn all_answer_fixtures_are_read() {
    const BY_THE_CLIENT: [&str; 5] =
        ["app", "code_exchange", "conversation_with", "headers_rate_limit", "token_exchange"];
    let here = concat!(include_str!("tests.rs"), include_str!("../error/tests.rs"));
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let Some(name) = name.strip_prefix("graph_").map(|name| name.trim_end_matches(".json")) else {
            continue;
        };
        let is_read = here.contains(&format!("fixture!(\"{name}\")"))
            || here.contains(&format!("graph_{name}.json"))
            || BY_THE_CLIENT.contains(&name);
        assert!(is_read, "graph_{name} is read nowhere");
    }
}

#[test]
fn a_right_that_is_limited_to_another_account_does_not_reach_this_one() {
    let limited = |scope: &str, to: &[&str]| GranularScope {
        scope: Some(scope.to_owned()),
        target_ids: to.iter().map(|id| AccountId::new(*id)).collect(),
    };
    let facts = TokenFacts {
        scopes: ["pages_messaging", "pages_show_list", "pages_manage_metadata"].map(str::to_owned).to_vec(),
        granular_scopes: vec![
            limited("pages_messaging", &["1", "2"]),
            limited("pages_show_list", &["2"]),
            limited("pages_manage_metadata", &[]),
        ],
        ..TokenFacts::default()
    };
    let (one, three) = (AccountId::new("1"), AccountId::new("3"));
    assert_eq!(facts.rights_on(&[&one]), ["pages_messaging", "pages_manage_metadata"]);
    assert_eq!(facts.rights_on(&[&three]), ["pages_manage_metadata"]);
    assert_eq!(facts.rights_on(&[&three, &one]), ["pages_messaging", "pages_manage_metadata"]);
}
