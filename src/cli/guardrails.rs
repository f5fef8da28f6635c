//! `guardrails`: which there are, what they are made of, and what one says of a text.

use std::io::Read as _;

use serde_json::{Value, json};

use super::args::{
    Global, GuardrailsArgs, GuardrailsCommand, GuardrailsListArgs, GuardrailsShowArgs,
    GuardrailsTestArgs,
};
use super::kept::{self, Allowed};
use super::output::{FailureRecord, Output, table};
use super::{CommandError, Outcome};
use crate::bedrock::{
    Connection, Error, Guardrail, GuardrailContent, GuardrailSource, GuardrailSummary,
    GuardrailVerdict,
};
use crate::chat::{Failure, Finding};
use crate::guardrails::{Decision, bill, decision, scores};
use crate::pricing::{CostBreakdown, guardrail_usage};
use crate::store::{Screen, SpendRow};
use crate::tasks::Session;

/// Does what was asked.
pub async fn run(
    global: &Global,
    session: &Session,
    args: &GuardrailsArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let connection = session.connection();
    let (result, json) = match &args.command {
        GuardrailsCommand::List(args) => (list(connection, args, output).await, args.json),
        GuardrailsCommand::Show(args) => (show(connection, args, output).await, args.json),
        GuardrailsCommand::Test(args) => (test(global, session, args, output).await, args.json),
    };
    match result {
        Ok(outcome) => Ok(outcome),
        Err(Stopped::Command(error)) => Err(error),
        Err(Stopped::Service(error)) => {
            let failure = Failure::from(*error);
            if json {
                output.json(&FailureRecord {
                    file: None,
                    error: &failure,
                })?;
            }
            output.failure(None, &failure);
            Ok(Outcome::Failed)
        }
    }
}

/// Why there is no result.
enum Stopped {
    Command(CommandError),
    Service(Box<Error>),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Service(Box::new(error))
    }
}

impl<E: Into<CommandError>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Command(error.into())
    }
}

async fn list(
    connection: &Connection,
    args: &GuardrailsListArgs,
    output: &mut Output,
) -> Result<Outcome, Stopped> {
    let all = connection.guardrails(None).await?;
    if args.json {
        let records: Vec<Value> = all.iter().map(record).collect();
        output.json(&records)?;
        return Ok(Outcome::Done);
    }
    if all.is_empty() {
        output.note("There are no guardrails here");
        return Ok(Outcome::Done);
    }
    let mut rows = vec![
        ["ID", "NAME", "VERSION", "STATUS", "DESCRIPTION"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(all.into_iter().map(|one| {
        let description = one.description.unwrap_or_default();
        vec![one.id, one.name, one.version, one.status, description]
    }));
    for line in table(&rows) {
        output.line(&line)?;
    }
    Ok(Outcome::Done)
}

async fn show(
    connection: &Connection,
    args: &GuardrailsShowArgs,
    output: &mut Output,
) -> Result<Outcome, Stopped> {
    let id = identify(connection, Some(&args.guardrail)).await?;
    let guardrail = connection.guardrail(&id, args.version.as_deref()).await?;
    if args.json {
        let mut record = record(&guardrail.summary);
        record["blockedInputMessaging"] = json!(guardrail.blocked_input_messaging);
        record["blockedOutputsMessaging"] = json!(guardrail.blocked_outputs_messaging);
        for (name, policy) in guardrail.policies {
            record[name] = policy;
        }
        output.json(&record)?;
        return Ok(Outcome::Done);
    }
    for line in described(&guardrail) {
        output.line(&line)?;
    }
    Ok(Outcome::Done)
}

/// A guardrail in lines for people.
fn described(guardrail: &Guardrail) -> Vec<String> {
    let definition = guardrail.definition();
    let summary = &guardrail.summary;
    let mut lines = vec![format!(
        "{} ({}, version {}, {})",
        summary.name, summary.id, summary.version, summary.status
    )];
    lines.extend(summary.description.clone());
    for filter in &definition.content {
        lines.push(format!(
            "Content filter  {}: {} on prompts, {} on answers",
            filter.kind.label(),
            filter.input_strength.label().to_lowercase(),
            filter.output_strength.label().to_lowercase()
        ));
    }
    for topic in &definition.topics {
        lines.push(format!(
            "Denied topic    {}: {}",
            topic.name, topic.definition
        ));
    }
    for word in &definition.words {
        lines.push(format!("Word            {}", word.text));
    }
    if definition.profanity.is_some() {
        lines.push("Words           profanity, as the service lists it".to_owned());
    }
    for entity in &definition.pii {
        lines.push(format!(
            "Personal data   {}: {} on prompts, {} on answers",
            entity.kind,
            entity.sides.input.action.label().to_lowercase(),
            entity.sides.output.action.label().to_lowercase()
        ));
    }
    for pattern in &definition.patterns {
        lines.push(format!(
            "Pattern         {}: {}",
            pattern.name, pattern.pattern
        ));
    }
    for filter in &definition.grounding {
        lines.push(format!("{:<15} {}", filter.kind.label(), filter.threshold));
    }
    lines.push(format!(
        "Blocked prompt  {}",
        definition.blocked_input_messaging
    ));
    lines.push(format!(
        "Blocked answer  {}",
        definition.blocked_outputs_messaging
    ));
    lines
}

async fn test(
    global: &Global,
    session: &Session,
    args: &GuardrailsTestArgs,
    output: &mut Output,
) -> Result<Outcome, Stopped> {
    let text = if args.text == "-" {
        let read = tokio::task::spawn_blocking(|| {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        });
        read.await.map_err(std::io::Error::other)??
    } else {
        args.text.clone()
    };
    if text.trim().is_empty() {
        return Err(CommandError::Usage("There is no text to look at".to_owned()).into());
    }
    let prices = kept::prices(global)?;
    let connection = session.connection();
    let id = identify(connection, args.guardrail.as_deref()).await?;
    if let Allowed::Nothing(outcome) = kept::look_at_budgets(global, session, output).await? {
        return Ok(outcome);
    }
    let source = GuardrailSource::from(args.source);
    let around = |text: &Option<String>| text.clone().unwrap_or_default();
    let (grounding, query) = (around(&args.grounding_source), around(&args.query));
    let content = GuardrailContent::of_text(&text, &grounding, &query);
    let verdict = connection
        .apply_guardrail(&id, &args.version, source, &content, false)
        .await?;
    let units = verdict
        .usage
        .as_ref()
        .map(guardrail_usage)
        .unwrap_or_default();
    let bill = bill(&prices, &id, connection.region(), &units);
    let row = SpendRow {
        connection: session.label(),
        project: args.tag.clone(),
        ..SpendRow::of_guardrail(
            &id,
            connection.region(),
            &bill,
            verdict.simulated,
            Screen::command_line(),
        )
    };
    let tried = Tried {
        id: &id,
        version: &args.version,
        findings: verdict.findings(source),
        verdict: &verdict,
        bill: &bill,
    };
    let told = if args.json {
        output.json(&tried.record())
    } else {
        tried.tell(output)
    };
    kept::record(global, Some(row), output).await;
    told?;
    Ok(Outcome::Done)
}

/// The id of the guardrail that is meant: by id, ARN or name, or the only one.
async fn identify(connection: &Connection, meant: Option<&str>) -> Result<String, Stopped> {
    if let Some(arn) = meant.filter(|meant| meant.starts_with("arn:")) {
        return Ok(arn.to_owned());
    }
    let listed = connection.guardrails(None).await;
    let Some(meant) = meant else {
        return match listed?.as_slice() {
            [only] => Ok(only.id.clone()),
            [] => Err(CommandError::Usage(
                "There are no guardrails here; make one in the window or in the console".to_owned(),
            )
            .into()),
            several => {
                let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
                let words = format!(
                    "Which guardrail? Give --guardrail one of: {}",
                    names.join(", ")
                );
                Err(CommandError::Usage(words).into())
            }
        };
    };
    // Those who may use a guardrail and not list them give its id.
    let named = listed
        .ok()
        .and_then(|all| all.into_iter().find(|one| one.name == meant));
    Ok(named.map_or_else(|| meant.to_owned(), |one| one.id))
}

fn record(summary: &GuardrailSummary) -> Value {
    json!({
        "id": summary.id,
        "arn": summary.arn,
        "name": summary.name,
        "description": summary.description,
        "version": summary.version,
        "status": summary.status,
    })
}

/// What came of a test.
struct Tried<'a> {
    id: &'a str,
    version: &'a str,
    findings: Vec<Finding>,
    verdict: &'a GuardrailVerdict,
    bill: &'a CostBreakdown,
}

impl Tried<'_> {
    fn decision(&self) -> Decision {
        decision(self.verdict.intervened, &self.findings)
    }

    fn record(&self) -> Value {
        let findings: Vec<Value> = self
            .findings
            .iter()
            .map(|finding| {
                json!({
                    "policy": finding.policy,
                    "name": finding.name,
                    "match": finding.matched,
                    "degree": finding.degree,
                    "action": finding.action,
                })
            })
            .collect();
        let scores: Vec<Value> = scores(&self.verdict.assessments)
            .iter()
            .map(|score| {
                json!({ "type": score.kind, "score": score.score, "threshold": score.threshold })
            })
            .collect();
        json!({
            "guardrail": self.id,
            "version": self.version,
            "decision": self.decision().label().to_lowercase(),
            "reason": self.verdict.action_reason,
            "outputs": self.verdict.outputs,
            "findings": findings,
            "scores": scores,
            "usage": self.verdict.usage,
            "cost": self.bill,
            "requestId": self.verdict.request_id,
            "simulated": self.verdict.simulated,
        })
    }

    fn tell(&self, output: &mut Output) -> std::io::Result<()> {
        output.line(self.decision().label())?;
        let rows: Vec<Vec<String>> = self
            .findings
            .iter()
            .map(|finding| {
                let matched = finding.matched.clone().or_else(|| finding.degree.clone());
                vec![
                    finding.action.clone(),
                    finding.policy.clone(),
                    finding.name.clone(),
                    matched.unwrap_or_default(),
                ]
            })
            .collect();
        for line in table(&rows) {
            output.line(&format!("  {line}"))?;
        }
        for score in scores(&self.verdict.assessments) {
            let (label, asked) = (score.label(), score.threshold);
            let line = format!(
                "  {label} {:.2}, at least {asked:.2} is asked for",
                score.score
            );
            output.line(&line)?;
        }
        for text in &self.verdict.outputs {
            output.line(text)?;
        }
        let cost = match self.bill.total() {
            Some(cost) if self.verdict.simulated => {
                format!("simulated, not charged ({cost} on AWS)")
            }
            Some(cost) => cost.to_string(),
            None => "cost unknown".to_owned(),
        };
        if self.verdict.simulated {
            output.note(
                "The embedded endpoint decides by a few words, and scores by how many of them are shared; \
                 AWS asks models",
            );
        }
        output.note(&cost);
        Ok(())
    }
}
