//! The chat playground as a person uses it, through the embedded endpoint.

use std::path::Path;

use aws_sdk_bedrock::types as control;
use bedrock_playground::chat::Configuration;
use bedrock_playground::emulator::Pace;
use bedrock_playground::store::{DataFolder, SendKey, Settings, save_settings};
use bedrock_playground::ui::App;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::endpoint::Endpoint;
use crate::support::sdk;
use crate::support::session::{embedded, embedded_at};
use crate::support::window::{
    ChosenFiles, ask, ask_and_wait, choose_model, click, connected, drop_files, go_to,
    keeping_window, on_screen, scroll_to_top, shows, unfold, wait_for, wait_until, window,
    window_with, write, write_anew,
};

const CLAUDE: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

fn slow() -> Harness<'static, App> {
    let mut harness = window(embedded_at(Pace::Times(0.5)));
    wait_for(&mut harness, "Model: Nova Lite");
    harness
}

fn menu(harness: &mut Harness<'static, App>, of: &str, item: &str) {
    click(harness, of);
    wait_for(harness, item);
    click(harness, item);
}

fn gone(harness: &mut Harness<'static, App>, text: &str) {
    wait_until(harness, &format!("{text:?} going away"), |harness| {
        !shows(harness, text)
    });
}

#[test]
fn an_edited_prompt_stands_beside_the_first_one() {
    let mut harness = connected();
    ask_and_wait(&mut harness, "Name a river");
    scroll_to_top(&mut harness);
    menu(&mut harness, "Prompt actions", "Edit");
    wait_for(&mut harness, "Edit prompt");
    write(&mut harness, "Edit prompt", " in Asia");
    click(&mut harness, "Send edited prompt");
    wait_for(&mut harness, "Regenerate");
    scroll_to_top(&mut harness);
    assert!(shows(&harness, "Name a river in Asia"));
    click(&mut harness, "Previous alternative");
    scroll_to_top(&mut harness);
    wait_for(&mut harness, "1 of 2");
    gone(&mut harness, "Name a river in Asia");
}

/// The button that had the focus is another one then, and goes.
#[test]
fn what_is_typed_after_run_or_stop_is_the_next_prompt() {
    let mut harness = slow();
    for (button, then) in [("Run", "Stop"), ("Stop", "Regenerate")] {
        if button == "Run" {
            write(&mut harness, "Prompt", "Name a river");
        }
        click(&mut harness, button);
        wait_for(&mut harness, then);
        let focused = harness.get_by(|node| node.is_focused() && node.label().is_some());
        let name = focused.accesskit_node().label();
        assert_eq!(name.as_deref(), Some("Prompt"), "after {button}");
    }
}

#[test]
fn the_last_prompt_is_edited_with_the_arrow_key() {
    let mut harness = connected();
    ask_and_wait(&mut harness, "Name a river");
    harness.get_by_label("Prompt").focus();
    harness.step();
    harness.key_press(Key::ArrowUp);
    wait_for(&mut harness, "Edit prompt");
    harness.key_press(Key::Escape);
    gone(&mut harness, "Edit prompt");
}

#[test]
fn a_deleted_turn_comes_back() {
    let mut harness = connected();
    ask_and_wait(&mut harness, "Name a river");
    scroll_to_top(&mut harness);
    menu(&mut harness, "Prompt actions", "Delete");
    gone(&mut harness, "Name a river");
    wait_for(&mut harness, "Turn deleted");
    click(&mut harness, "Undo");
    wait_for(&mut harness, "Name a river");
}

#[test]
fn an_answer_branches_into_a_conversation_of_its_own() {
    let mut harness = connected();
    ask_and_wait(&mut harness, "Name a river");
    menu(
        &mut harness,
        "Answer actions",
        "Branch into a new conversation",
    );
    wait_for(&mut harness, "Conversation 2: Name a river");
    ask_and_wait(&mut harness, "And a lake");
    click(&mut harness, "Conversation 1: Name a river");
    wait_until(&mut harness, "the first conversation", |harness| {
        !shows(harness, "And a lake")
    });
}

#[test]
fn another_model_answers_the_same_prompt() {
    let mut harness = connected();
    ask_and_wait(&mut harness, "Name a river");
    click(&mut harness, "Try another model…");
    wait_for(&mut harness, "Model id or ARN");
    write(&mut harness, "Model id or ARN", "amazon.nova-micro-v1:0");
    click(&mut harness, "Apply");
    wait_for(&mut harness, "2 of 2");
    wait_for(&mut harness, "amazon.nova-micro-v1:0");
    assert!(
        shows(&harness, "Model: Nova Lite"),
        "the next prompt goes to the model that was chosen before"
    );
}

#[test]
fn what_a_model_would_reject_is_greyed_out_with_the_reason() {
    let mut harness = connected();
    choose_model(&mut harness, CLAUDE);
    wait_for(&mut harness, "Model: Claude Sonnet 4.5");
    harness
        .get_by_role_and_label(Role::Slider, "Temperature")
        .focus();
    harness.step();
    harness.key_press(Key::ArrowLeft);
    wait_for(&mut harness, "temperature or top P, not both");
    ask_and_wait(&mut harness, "Name a river");
    assert!(!shows(&harness, "ValidationException"));
}

#[test]
fn what_is_not_touched_stays_the_models_default() {
    let mut harness = connected();
    choose_model(&mut harness, CLAUDE);
    wait_for(&mut harness, "Model: Claude Sonnet 4.5");
    for _ in 0..5 {
        harness.step();
    }
    assert!(
        !shows(&harness, "Use the model's default"),
        "{}",
        on_screen(&harness)
    );
}

#[test]
fn reasoning_is_shown_apart_from_the_answer() {
    let mut harness = connected();
    choose_model(&mut harness, CLAUDE);
    wait_for(&mut harness, "Reason before answering");
    click(&mut harness, "Reason before answering");
    wait_for(&mut harness, "Reasoning budget");
    ask_and_wait(&mut harness, "Name a river");
    harness.get_by_label("Reasoning");
}

#[test]
fn a_stop_sequence_ends_the_answer() {
    let mut harness = connected();
    unfold(&mut harness, "Stop sequences");
    write(&mut harness, "New stop sequence", "simulated");
    harness.key_press(Key::Enter);
    wait_for(&mut harness, "Remove stop sequence simulated");
    ask_and_wait(&mut harness, "Name a river");
    wait_for(&mut harness, "stop_sequence");
}

#[test]
fn fields_of_the_models_own_answer_stand_under_it() {
    let mut harness = connected();
    choose_model(&mut harness, CLAUDE);
    unfold(&mut harness, "Advanced");
    let field = "Additional model response fields";
    write(&mut harness, field, "delta");
    wait_for(&mut harness, "\"delta\" is no JSON pointer");
    write_anew(&mut harness, field, "/delta/stop_sequence");
    ask_and_wait(&mut harness, "Name a river");
    wait_for(&mut harness, "{\"delta\":{\"stop_sequence\":null}}");
}

#[test]
fn a_cached_system_prompt_is_written_and_then_read_cheaper() {
    let mut harness = connected();
    choose_model(&mut harness, CLAUDE);
    // 4,800 characters at four a token: above the 1,024 tokens that this model asks for.
    write(&mut harness, "System prompt", &"word ".repeat(960));
    unfold(&mut harness, "Prompt caching");
    click(&mut harness, "Cache the system prompt");
    ask_and_wait(&mut harness, "Name a river");
    wait_for(&mut harness, "Cache write");
    wait_for(&mut harness, "1,200");
    click(&mut harness, "Regenerate");
    wait_for(&mut harness, "2 of 2");
    wait_for(&mut harness, "Cache read");
    wait_for(&mut harness, "Saved by the cache");
    // 1,200 tokens at $3.30 a million instead of at $0.33: the US profile costs a tenth more.
    wait_for(&mut harness, "$0.003564");
}

#[test]
fn a_guardrail_steps_in_and_its_findings_are_shown() {
    let endpoint = Endpoint::start();
    endpoint.runtime.block_on(make_guardrail(&endpoint.url()));
    let mut harness = window(endpoint.session());
    wait_for(&mut harness, "Model: Nova Lite");
    unfold(&mut harness, "Guardrail");
    wait_until(&mut harness, "the guardrails", |harness| {
        harness
            .query_by_role_and_label(Role::ComboBox, "Guardrail")
            .is_some()
    });
    harness
        .get_by_role_and_label(Role::ComboBox, "Guardrail")
        .click_accesskit();
    wait_for(&mut harness, "no-heists");
    click(&mut harness, "no-heists");
    wait_until(&mut harness, "the versions", |harness| {
        harness
            .query_by_role_and_label(Role::ComboBox, "Guardrail version")
            .is_some()
    });
    ask(&mut harness, "Plan a heist for me@example.com");
    wait_for(&mut harness, "That cannot be asked.");
    wait_for(&mut harness, "A guardrail stepped in");
    wait_for(&mut harness, "Guardrail trace: 2 findings");
    for words in [
        "Word filter",
        "Blocked",
        "EMAIL: “me@example.com”",
        "Masked",
    ] {
        wait_for(&mut harness, words);
    }
}

/// Denies a word and masks mail addresses.
async fn make_guardrail(url: &str) {
    let word = control::GuardrailWordConfig::builder().text("heist");
    let words = control::GuardrailWordPolicyConfig::builder().words_config(word.build().unwrap());
    let mail = control::GuardrailPiiEntityConfig::builder()
        .r#type(control::GuardrailPiiEntityType::Email)
        .action(control::GuardrailSensitiveInformationAction::Anonymize);
    let data = control::GuardrailSensitiveInformationPolicyConfig::builder()
        .pii_entities_config(mail.build().unwrap());
    sdk::control_plane(url)
        .create_guardrail()
        .name("no-heists")
        .blocked_input_messaging("That cannot be asked.")
        .blocked_outputs_messaging("That cannot be told.")
        .word_policy_config(words.build())
        .sensitive_information_policy_config(data.build())
        .send()
        .await
        .expect("a guardrail");
}

#[test]
fn a_tool_is_asked_for_answered_by_hand_and_used() {
    let mut harness = connected();
    unfold(&mut harness, "Tools");
    click(&mut harness, "Add a tool");
    wait_for(&mut harness, "Name of tool 1");
    harness.get_by_label("Name of tool 1").focus();
    harness.step();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.step();
    write(&mut harness, "Name of tool 1", "get_weather");
    ask(&mut harness, "What is the weather in Oslo?");
    wait_for(&mut harness, "Asks for the tool get_weather");
    wait_for(&mut harness, "Send tool results");
    write(&mut harness, "Result of get_weather", "12 degrees, rain");
    click(&mut harness, "Send tool results");
    wait_until(&mut harness, "the final answer", |harness| {
        harness
            .query_all_by_label_contains("end_turn")
            .next()
            .is_some()
    });
    scroll_to_top(&mut harness);
    wait_for(&mut harness, "Result of the tool call");
    wait_for(&mut harness, "12 degrees, rain");
}

#[test]
fn a_structured_answer_is_checked_against_its_schema() {
    let mut harness = connected();
    unfold(&mut harness, "Structured output");
    write(
        &mut harness,
        "Output schema",
        r#"{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"#,
    );
    ask_and_wait(&mut harness, "Name a city");
    wait_for(&mut harness, "The answer keeps to the output schema");
}

#[test]
fn json_that_is_none_is_told_and_nothing_is_sent() {
    let mut harness = connected();
    unfold(&mut harness, "Structured output");
    write(&mut harness, "Output schema", "{\"type\": ");
    wait_for(&mut harness, "The output schema is no JSON");
    ask(&mut harness, "Name a city");
    wait_for(&mut harness, "This cannot be sent");
    assert_eq!(
        harness.get_by_label("Prompt").value().as_deref(),
        Some("Name a city"),
        "the prompt is still there"
    );
}

#[test]
fn request_and_response_are_shown_without_secrets_and_as_code() {
    let mut harness = connected();
    ask_and_wait(&mut harness, "Name a river");
    menu(&mut harness, "Answer actions", "View request and response…");
    wait_for(&mut harness, "POST http://127.0.0.1");
    wait_for(&mut harness, "(left out)");
    assert!(!shows(&harness, "AWS4-HMAC-SHA256"), "no signature");
    click(&mut harness, "Response");
    wait_for(&mut harness, "messageStart");
    for (tab, words) in [
        ("AWS CLI", "aws bedrock-runtime"),
        ("Python (boto3)", "import boto3"),
        ("JavaScript (AWS SDK)", "@aws-sdk/client-bedrock-runtime"),
        ("JavaScript (AI SDK)", "@ai-sdk/amazon-bedrock"),
        ("Rust", "aws_sdk_bedrockruntime"),
        ("curl", "AWS_BEARER_TOKEN_BEDROCK"),
    ] {
        click(&mut harness, tab);
        wait_for(&mut harness, words);
    }
}

#[test]
fn what_run_would_send_is_seen_before() {
    let mut harness = connected();
    write(&mut harness, "System prompt", "Be brief");
    write(&mut harness, "Prompt", "Name a river");
    click(&mut harness, "View request");
    // Where AWS would be asked, since no other program reaches the endpoint inside of this one.
    wait_for(
        &mut harness,
        "POST https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse-stream",
    );
    wait_for(&mut harness, "Name a river");
    wait_for(&mut harness, "Be brief");
    click(&mut harness, "Python (boto3)");
    wait_for(&mut harness, "import boto3");
    click(&mut harness, "Close");
    assert!(shows(&harness, "Start a conversation"), "nothing was sent");
    assert_eq!(
        harness.get_by_label("Prompt").value().as_deref(),
        Some("Name a river")
    );
}

#[test]
fn a_request_stays_where_it_opened_when_its_pages_come() {
    let mut harness = connected();
    harness.set_size(egui::vec2(1280.0, 1000.0));
    ask_and_wait(&mut harness, "Name a river");
    menu(&mut harness, "Answer actions", "View request and response…");
    let mut tops = std::collections::BTreeSet::new();
    wait_until(&mut harness, "the request", |harness| {
        let titles = harness.query_all_by_label("Request and response");
        tops.extend(titles.map(|title| title.rect().top().to_string()));
        shows(harness, "POST http://127.0.0.1")
    });
    assert_eq!(tops.len(), 1, "{tops:?}");
}

#[test]
fn as_much_of_a_request_is_shown_as_there_is_room_for() {
    let mut harness = connected();
    harness.set_size(egui::vec2(1280.0, 800.0));
    write(&mut harness, "System prompt", "Be brief");
    ask_and_wait(&mut harness, "Name a river");
    menu(&mut harness, "Answer actions", "View request and response…");
    wait_for(&mut harness, "POST http://127.0.0.1");
    // Near the end of some thirty lines.
    wait_for(&mut harness, "\"text\": \"Be brief\"");
}

#[test]
fn an_estimate_is_shown_and_a_limit_asks_first() {
    let mut harness = connected();
    write(&mut harness, "Prompt", "Name a river");
    wait_for(&mut harness, "Estimate: $");
    wait_for(&mut harness, "tokens in");
    wait_for(&mut harness, "of the context window");
    unfold(&mut harness, "Advanced");
    click(&mut harness, "Ask before sending above");
    // 5,000 tokens of answer at $0.24 a million are $0.0012: below the limit of a cent.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "Regenerate");
}

#[test]
fn a_call_above_the_limit_waits_for_a_word() {
    let mut harness = connected();
    choose_model(&mut harness, CLAUDE);
    unfold(&mut harness, "Advanced");
    click(&mut harness, "Ask before sending above");
    write(&mut harness, "Prompt", "Name a river");
    wait_for(&mut harness, "Estimate: ");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "above your limit of $0.01");
    click(&mut harness, "Don't send");
    gone(&mut harness, "above your limit");
    assert!(shows(&harness, "Start a conversation"));
    harness.get_by_label("Prompt").focus();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "Send anyway");
    click(&mut harness, "Send anyway");
    wait_for(&mut harness, "Regenerate");
    // Asking once more costs as much as asking.
    click(&mut harness, "Regenerate");
    wait_for(&mut harness, "above your limit of $0.01");
    click(&mut harness, "Don't send");
    gone(&mut harness, "above your limit");
    assert!(!shows(&harness, "2 of 2"), "nothing was asked");
    click(&mut harness, "Regenerate");
    wait_for(&mut harness, "Send anyway");
    click(&mut harness, "Send anyway");
    wait_for(&mut harness, "2 of 2");
}

#[test]
fn a_conversation_goes_out_and_comes_in_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = ChosenFiles::default();
    let mut harness = window_with(embedded(), files.clone());
    wait_for(&mut harness, "Model: Nova Lite");
    ask_and_wait(&mut harness, "Name a river");
    for (format, file) in [
        ("As Markdown…", "river.md"),
        ("As HTML…", "river.html"),
        ("As JSON…", "river.json"),
    ] {
        let path = folder.path().join(file);
        files.choose(&path);
        menu(&mut harness, "Export or import", format);
        wait_for(&mut harness, file);
        let text = std::fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains("Name a river"), "{text}");
        assert!(
            text.to_lowercase().contains("simulated"),
            "a simulated answer is marked in {file}"
        );
    }
    menu(&mut harness, "Export or import", "Import a conversation…");
    wait_for(&mut harness, "Conversation 2: Name a river");
}

#[test]
fn a_file_that_is_no_conversation_is_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notes.json");
    std::fs::write(&path, "[1, 2]").expect("written");
    let files = ChosenFiles::default();
    files.choose(&path);
    let mut harness = window_with(embedded(), files);
    wait_for(&mut harness, "Model: Nova Lite");
    menu(&mut harness, "Export or import", "Import a conversation…");
    wait_for(&mut harness, "notes.json");
}

#[test]
fn two_conversations_stream_at_once() {
    let mut harness = slow();
    ask(&mut harness, "Name a river");
    wait_for(&mut harness, "Stop");
    click(&mut harness, "New conversation");
    ask(&mut harness, "Name a lake");
    wait_for(&mut harness, "Conversation 2: Name a lake");
    wait_for(&mut harness, "Stop");
    click(&mut harness, "Stop");
    wait_for(&mut harness, "Stopped; what came before is kept");
    // By key from another screen, to what is open there and then to the one before it.
    go_to(&mut harness, "Usage");
    harness.key_press_modifiers(Modifiers::CTRL, Key::Tab);
    wait_for(&mut harness, "Stopped; what came before is kept");
    harness.key_press_modifiers(Modifiers::CTRL | Modifiers::SHIFT, Key::Tab);
    wait_for(&mut harness, "Regenerate");
    assert!(shows(&harness, "end_turn"), "{}", on_screen(&harness));
}

#[test]
fn a_preset_brings_its_settings_and_model_back() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let mut harness = keeping_window(folder.path(), Pace::Instant);
        write(&mut harness, "System prompt", "Answer like a pirate");
        click(&mut harness, "Presets");
        wait_for(&mut harness, "Nothing saved yet");
        write(&mut harness, "Name of the preset", "Pirate");
        click(&mut harness, "Save as preset");
        let file = folder.path().join("presets.json");
        wait_until(&mut harness, "the preset on disk", |_| {
            std::fs::read_to_string(&file).is_ok_and(|text| text.contains("like a pirate"))
        });
    }
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    assert!(!shows(&harness, "Answer like a pirate"));
    wait_until(&mut harness, "the presets", |harness| {
        harness.query_by_label("Presets").is_some()
    });
    click(&mut harness, "Presets");
    wait_for(&mut harness, "Use preset Pirate");
    click(&mut harness, "Use preset Pirate");
    wait_for(&mut harness, "Answer like a pirate");
}

#[test]
fn presets_that_cannot_be_read_are_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("presets.json");
    std::fs::write(&file, "[{\"name\": ").unwrap();
    let mut harness = keeping_window(folder.path(), Pace::Instant);
    click(&mut harness, "Presets");
    write(&mut harness, "Name of the preset", "Pirate");
    click(&mut harness, "Save as preset");
    wait_for(&mut harness, "The presets on the disk are as they were");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "[{\"name\": ");
    // For this window it is there.
    click(&mut harness, "Presets");
    wait_for(&mut harness, "Use preset Pirate");
}

/// A window with settings.
fn window_set(place: &Path, set: impl FnOnce(&mut Settings)) -> Harness<'static, App> {
    let folder = DataFolder::find(Some(place)).expect("a folder");
    let mut settings = Settings::default();
    set(&mut settings);
    save_settings(&folder, &settings).expect("saved");
    keeping_window(place, Pace::Instant)
}

#[test]
fn enter_sends_where_that_is_set_and_with_shift_begins_a_line() {
    let place = tempfile::tempdir().expect("a folder");
    let mut harness = window_set(place.path(), |settings| settings.send_key = SendKey::Enter);
    write(&mut harness, "Prompt", "Name a river");
    wait_until(&mut harness, "the key beside the button", |harness| {
        harness.query_by_label("Enter").is_some()
    });
    harness.key_press_modifiers(Modifiers::SHIFT, Key::Enter);
    write(&mut harness, "Prompt", "and a lake");
    harness.step();
    assert!(
        shows(&harness, "Name a river\nand a lake"),
        "{}",
        on_screen(&harness)
    );
    harness.key_press(Key::Enter);
    wait_for(&mut harness, "Regenerate");
    let prompt = harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt");
    assert_eq!(prompt.value().unwrap_or_default(), "");
}

#[test]
fn an_answer_that_reached_its_limit_goes_on() {
    let place = tempfile::tempdir().expect("a folder");
    let mut harness = window_set(place.path(), |settings| {
        settings.default_configuration = Some(Configuration {
            max_tokens: Some(10),
            ..Configuration::default()
        });
    });
    wait_for(&mut harness, "Model: Nova Lite");
    ask_and_wait(&mut harness, "Name a river");
    wait_for(
        &mut harness,
        "The answer reached the maximum number of tokens",
    );
    click(&mut harness, "Continue the answer");
    wait_for(&mut harness, "Continue exactly where you stopped");
    wait_for(&mut harness, "2 answers");
    // It asked with what was said before, and may go on once more.
    wait_for(&mut harness, "Continue the answer");
}

#[test]
fn the_palette_finds_an_action_by_its_words() {
    let mut harness = connected();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    wait_for(&mut harness, "Find an action");
    write(&mut harness, "Find an action", "catalog go");
    harness.key_press(Key::Enter);
    wait_for(&mut harness, "183 models");
    gone(&mut harness, "Find an action");
}

#[test]
fn documents_and_s3_objects_are_attached_beside_a_prompt() {
    let folder = tempfile::tempdir().expect("a folder");
    let notes = folder.path().join("meeting_notes.md");
    std::fs::write(&notes, "# Notes\n\nShip it.").expect("written");
    let mut harness = connected();
    drop_files(&mut harness, &[Path::new(&notes)]);
    wait_for(&mut harness, "The model reads it as “meeting notes”");
    menu(&mut harness, "Attach", "Attach a file in S3…");
    wait_for(&mut harness, "Address in S3");
    write(&mut harness, "Address in S3", "s3://reports/q3");
    click(&mut harness, "Attach it");
    wait_for(&mut harness, "The name must end like");
    write(&mut harness, "Address in S3", ".pdf");
    click(&mut harness, "Attach it");
    wait_for(&mut harness, "s3://reports/q3.pdf");
    ask_and_wait(&mut harness, "Summarise both");
    scroll_to_top(&mut harness);
    assert!(shows(&harness, "meeting_notes.md"));
}

#[test]
fn a_very_long_prompt_is_taken_whole() {
    let mut harness = connected();
    let long = "All work and no play makes a dull prompt. ".repeat(4_762);
    assert!(long.len() >= 200_000, "200,004 characters");
    harness.get_by_label("Prompt").focus();
    harness.step();
    harness.event(egui::Event::Paste(long));
    wait_for(&mut harness, "Pasted text");
    wait_for(&mut harness, "200,004 characters");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    wait_for(&mut harness, "Regenerate");
    wait_for(&mut harness, "200004 characters");
}

#[test]
fn the_palette_leads_to_screens_first_and_says_what_an_action_lacks() {
    let mut harness = connected();
    let find = |harness: &mut Harness<'static, App>, words: &str| {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
        wait_for(harness, "Find an action");
        harness.step();
        write(harness, "Find an action", words);
        harness.key_press(Key::Enter);
        harness.run_steps(3);
    };
    find(&mut harness, "alt text");
    wait_for(&mut harness, "Drop images, folders or documents here");
    find(&mut harness, "alt text for the attached");
    wait_for(&mut harness, "Attach an image first");
    wait_for(&mut harness, "Start a conversation");
}

#[test]
fn a_reset_and_a_deleted_preset_can_be_taken_back() {
    let mut harness = connected();
    write(&mut harness, "System prompt", "Be brief");
    click(&mut harness, "Reset everything to the defaults");
    wait_for(&mut harness, "Everything was reset");
    gone(&mut harness, "Be brief");
    click(&mut harness, "Undo");
    wait_for(&mut harness, "Be brief");
    gone(&mut harness, "Everything was reset");
    click(&mut harness, "Presets");
    write(&mut harness, "Name of the preset", "Short");
    click(&mut harness, "Save as preset");
    menu(&mut harness, "Presets", "Delete preset Short");
    wait_for(&mut harness, "Short is deleted");
    harness.key_press(Key::Escape);
    click(&mut harness, "Undo");
    menu(&mut harness, "Presets", "Use preset Short");
}

#[test]
fn an_attached_picture_is_looked_at_closely() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wide.png");
    image::RgbImage::new(60, 20).save(&file).unwrap();
    let mut harness = connected();
    drop_files(&mut harness, &[&file]);
    click(&mut harness, "Look at wide.png");
    wait_for(&mut harness, "Large view of wide.png");
    harness.key_press(Key::Escape);
    gone(&mut harness, "Large view of wide.png");
    assert!(shows(&harness, "Remove wide.png"), "it is still attached");
    // The same composer asks several models.
    go_to(&mut harness, "Compare models");
    drop_files(&mut harness, &[&file]);
    click(&mut harness, "Look at wide.png");
    wait_for(&mut harness, "Large view of wide.png");
}
