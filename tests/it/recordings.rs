//! Every recorded exchange with the real service, replayed: nothing it sent may be dropped.

use bedrock_playground::chat::{ContentBlock, Message, Request};

use crate::support::outcome::outcome;
use crate::support::recording::Recording;
use crate::support::replay::ReplayServer;

/// A failure keeps the service's code, words and status.
#[tokio::test]
async fn recorded_failures_keep_code_words_and_status() {
    let Some(recordings) = Recording::of(&["Converse", "ConverseStream"]) else {
        return;
    };
    for recording in recordings.iter().filter(|recording| recording.is_error()) {
        let server = ReplayServer::start([recording.reply()]).await;
        let request = Request {
            stream: recording.operation == "ConverseStream",
            ..Request::new(
                recording.model_id.as_str().into(),
                vec![Message::user(vec![ContentBlock::Text("Hello".into())])],
            )
        };
        let (_, error) = outcome(server.connect().await.invoke(request)).await;
        let error = error.unwrap_or_else(|| panic!("{} is a failure", recording.name));
        let body: serde_json::Value = serde_json::from_slice(&recording.body).unwrap();
        let words = body["message"].as_str().or(body["Message"].as_str());
        assert_eq!(Some(error.message()), words, "{}", recording.name);
        assert_eq!(error.status(), Some(recording.status), "{}", recording.name);
        let code = recording
            .header("x-amzn-errortype")
            .map(|code| code.split(':').next().unwrap())
            .or_else(|| body["__type"].as_str());
        assert_eq!(Some(error.code()), code, "{}", recording.name);
        assert_eq!(error.request_id(), recording.header("x-amzn-requestid"));
        assert!(!error.advice().is_empty());
    }
}
