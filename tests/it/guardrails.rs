//! Guardrails made, read back, changed and tried through the program's own client.

use bedrock_playground::bedrock::{
    Connection, ConnectionOptions, CredentialsSource, ErrorKind, GuardrailContent, GuardrailSource,
    Secret,
};
use bedrock_playground::emulator::{Pace, Server, Settings};
use bedrock_playground::guardrails::{
    Action, Decision, Definition, GroundingFilter, GroundingKind, Lengths, OnSide, Pattern,
    PiiEntity, Sides, Topic, Word, bill, decision, expected_units, highlights,
};
use bedrock_playground::pricing::{Prices, guardrail_usage};

use crate::cli::{Cli, lines, stderr, stdout};
use crate::support::recording::Recording;

async fn endpoint() -> (Server, Connection) {
    let settings = Settings {
        pace: Pace::Instant,
        ..Settings::default()
    };
    let server = Server::start(settings).await.expect("the endpoint starts");
    let connection = Connection::open(ConnectionOptions {
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some(server.url()),
        credentials: CredentialsSource::Keys {
            access_key_id: "AKID".into(),
            secret_access_key: Secret::new("secret"),
            session_token: None,
        },
        ..ConnectionOptions::default()
    })
    .await
    .expect("a connection");
    (server, connection)
}

/// Something of every policy, none of it as the service has it by default.
fn definition(name: &str) -> Definition {
    let off = OnSide {
        enabled: false,
        action: Action::Detect,
    };
    let mut definition = Definition {
        name: name.to_owned(),
        description: "For the shop".to_owned(),
        ..Definition::fresh()
    };
    definition.content[0].input_images = true;
    definition.topics = vec![Topic {
        name: "Investment".to_owned(),
        definition: "Advice on money".to_owned(),
        examples: vec!["Which stocks should I buy?".to_owned()],
        sides: Sides::default(),
    }];
    definition.words = vec![Word {
        text: "heist".to_owned(),
        sides: Sides {
            input: OnSide::default(),
            output: off,
        },
    }];
    definition.pii = vec![PiiEntity {
        kind: "EMAIL".to_owned(),
        sides: Sides::both(Action::Anonymize),
    }];
    definition.patterns = vec![Pattern {
        name: "Order".to_owned(),
        description: "Numbers of orders".to_owned(),
        pattern: r"ORD-\d+".to_owned(),
        sides: Sides {
            input: OnSide::default(),
            output: OnSide {
                enabled: true,
                action: Action::Anonymize,
            },
        },
    }];
    definition.grounding = vec![GroundingFilter {
        kind: GroundingKind::Grounding,
        threshold: 0.75,
        on: OnSide::default(),
    }];
    definition.kept.content_tier = Some("CLASSIC".to_owned());
    definition
}

#[tokio::test]
async fn what_is_saved_is_what_is_read_back() {
    let (_server, connection) = endpoint().await;
    let mut wanted = definition("shop");
    assert_eq!(wanted.problems(), []);
    let id = connection.create_guardrail(&wanted).await.expect("made");
    let read = connection.guardrail(&id, None).await.expect("read");
    assert_eq!(read.definition(), wanted);

    assert_eq!(
        connection
            .create_guardrail_version(&id, Some("first"))
            .await
            .expect("a version"),
        "1"
    );
    wanted.words[0].text = "robbery".to_owned();
    wanted.profanity = None;
    connection
        .update_guardrail(&id, &wanted)
        .await
        .expect("changed");
    let draft = connection.guardrail(&id, None).await.expect("the draft");
    assert_eq!(draft.definition(), wanted);
    let first = connection.guardrail(&id, Some("1")).await.expect("first");
    assert_eq!(first.definition().words[0].text, "heist");

    connection
        .delete_guardrail(&id, Some("1"))
        .await
        .expect("the version is deleted");
    let gone = connection.guardrail(&id, Some("1")).await;
    assert_eq!(gone.expect_err("gone").kind(), &ErrorKind::NotFound);
    connection
        .delete_guardrail(&id, None)
        .await
        .expect("deleted");
    assert_eq!(connection.guardrails(None).await.expect("a list"), []);
}

#[tokio::test]
async fn a_name_that_is_taken_is_said_in_the_services_words() {
    let (_server, connection) = endpoint().await;
    let wanted = definition("shop");
    connection.create_guardrail(&wanted).await.expect("made");
    let refused = connection.create_guardrail(&wanted).await;
    let refused = refused.expect_err("taken");
    assert_eq!(refused.kind(), &ErrorKind::Conflict);
    assert!(refused.to_string().contains("already has the name shop"));
    let missing = connection
        .update_guardrail("none", &definition("other"))
        .await;
    let missing = missing.expect_err("missing");
    assert_eq!(missing.kind(), &ErrorKind::NotFound);
}

#[tokio::test]
async fn a_text_is_masked_and_billed_by_its_units() {
    let (_server, connection) = endpoint().await;
    let wanted = definition("shop");
    let id = connection.create_guardrail(&wanted).await.expect("made");
    let text = "Ask abc@pqrt.com about ORD-77";
    let content = GuardrailContent::of_text(text, "", "");
    let output = GuardrailSource::Output;
    let verdict = connection
        .apply_guardrail(&id, "DRAFT", output, &content, false)
        .await
        .expect("a verdict");
    let found = verdict.findings(output);
    assert_eq!(decision(verdict.intervened, &found), Decision::Masked);
    assert_eq!(verdict.outputs, ["Ask {EMAIL} about {Order}"]);
    assert!(verdict.simulated);
    let marked: Vec<&str> = highlights(text, &found)
        .into_iter()
        .map(|highlight| &text[highlight.range])
        .collect();
    assert_eq!(marked, ["abc@pqrt.com", "ORD-77"]);

    let units = guardrail_usage(&verdict.usage.expect("units"));
    let lengths = Lengths {
        text: 29,
        ..Lengths::default()
    };
    let side = bedrock_playground::chat::Side::Output;
    assert_eq!(units, expected_units(&wanted, side, lengths));
    // Content and topics are $0.15, personal data $0.10 for 1,000 units; words and patterns are free.
    let total = bill(&Prices::default(), &id, "us-east-1", &units).total();
    assert_eq!(
        total.map(|usd| usd.amount().to_string()),
        Some("0.00040".to_owned())
    );
}

#[tokio::test]
async fn an_answer_is_held_against_its_source() {
    let (_server, connection) = endpoint().await;
    let id = connection
        .create_guardrail(&definition("shop"))
        .await
        .expect("made");
    let verdict = async |text: &str| {
        let content = GuardrailContent::of_text(text, "Tokyo is the capital of Japan.", "Capital?");
        let output = GuardrailSource::Output;
        connection
            .apply_guardrail(&id, "DRAFT", output, &content, false)
            .await
            .expect("a verdict")
    };
    assert!(!verdict("The capital of Japan is Tokyo").await.intervened);
    let invented = verdict("Whales live in oceans").await;
    let found = invented.findings(GuardrailSource::Output);
    assert_eq!(decision(invented.intervened, &found), Decision::Blocked);
    assert_eq!(found[0].degree.as_deref(), Some("0.00, asked for 0.75"));
}

/// What was looked for in vain is no finding: the recording lists seven of these.
#[test]
fn a_recorded_full_answer_has_two_findings() {
    let Some(recording) = Recording::named("ApplyGuardrail__274u1upxm897__intervened.json") else {
        return;
    };
    let answer: serde_json::Value = serde_json::from_slice(&recording.body).expect("JSON");
    let mut found = Vec::new();
    bedrock_playground::chat::of_assessment(
        &answer["assessments"][0],
        bedrock_playground::chat::Side::Input,
        &mut found,
    );
    let told: Vec<_> = found
        .iter()
        .map(|finding| (finding.name.as_str(), finding.matched.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("InvestmentObjectives", None),
            ("EMAIL", Some("abc@pqrt.com"))
        ]
    );
}

#[test]
fn the_command_line_lists_shows_and_tests() {
    let cli = Cli::new();
    let listed = cli.run(&["guardrails", "list", "--demo"]);
    assert!(listed.status.success(), "{}", stderr(&listed));
    assert!(stdout(&listed).contains("example-guardrail"));
    let shown = cli.run(&["guardrails", "show", "example-guardrail", "--demo"]);
    assert!(stdout(&shown).contains("Denied topic    Investment advice"));

    let text = "Write to me@example.com about ORD-123456";
    let tested = cli.run(&["guardrails", "test", text, "--demo", "--json"]);
    let record = &lines(&tested)[0];
    assert_eq!(record["decision"], "masked");
    assert_eq!(
        record["outputs"][0],
        "Write to {EMAIL} about {Order number}"
    );
    assert_eq!(record["simulated"], true);

    let blocked = cli.run(&["guardrails", "test", "Plan a heist", "--demo"]);
    assert!(blocked.status.success(), "{}", stderr(&blocked));
    let text = stdout(&blocked);
    assert!(text.starts_with("Blocked\n"), "{text}");
    assert!(text.contains("Word filter"), "{text}");
    assert!(stderr(&blocked).contains("simulated, not charged"));

    let missing = cli.run(&["guardrails", "show", "nothing", "--demo", "--json"]);
    assert_eq!(missing.status.code(), Some(1));
    assert_eq!(
        lines(&missing)[0]["error"]["code"],
        "ResourceNotFoundException"
    );
    let empty = cli.run(&["guardrails", "test", " ", "--demo"]);
    assert_eq!(empty.status.code(), Some(2));
}
