//! A value with its path, and an object that knows which of its members were read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value};

use super::{Result, WireError};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> At<'a> {
    pub(super) fn new(value: &'a Value, path: &str) -> Self {
        Self {
            value,
            path: path.to_owned(),
        }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn error(&self, problem: impl Into<String>) -> WireError {
        WireError::new(self.path.clone(), problem)
    }

    pub(super) fn not_one_of(&self, names: &[&str]) -> WireError {
        self.error(format!("{} is none of {}", self.value, names.join(", ")))
    }

    fn expected(&self, what: &str) -> WireError {
        let kind = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.error(format!("expected {what}, found {kind}"))
    }

    pub(super) fn text(&self) -> Result<&'a str> {
        self.value.as_str().ok_or_else(|| self.expected("a text"))
    }

    pub(super) fn string(&self) -> Result<String> {
        self.text().map(str::to_owned)
    }

    pub(super) fn flag(&self) -> Result<bool> {
        self.value
            .as_bool()
            .ok_or_else(|| self.expected("true or false"))
    }

    pub(super) fn count(&self) -> Result<u32> {
        self.value
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
            .ok_or_else(|| self.expected("a whole number from 0"))
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the service's parameters are single floats"
    )]
    pub(super) fn float(&self) -> Result<f32> {
        self.value
            .as_f64()
            .map(|number| number as f32)
            .filter(|number| number.is_finite())
            .ok_or_else(|| self.expected("a number"))
    }

    pub(super) fn bytes(&self) -> Result<Vec<u8>> {
        BASE64
            .decode(self.text()?)
            .map_err(|error| self.error(format!("the text is no base64 ({error})")))
    }

    pub(super) fn list(&self) -> Result<Vec<At<'a>>> {
        let items = self
            .value
            .as_array()
            .ok_or_else(|| self.expected("a list"))?;
        Ok(items
            .iter()
            .enumerate()
            .map(|(index, value)| At {
                value,
                path: format!("{}[{index}]", self.path),
            })
            .collect())
    }

    pub(super) fn strings(&self) -> Result<Vec<String>> {
        self.list()?.iter().map(At::string).collect()
    }

    fn object(&self) -> Result<&'a Map<String, Value>> {
        self.value
            .as_object()
            .ok_or_else(|| self.expected("an object"))
    }

    fn member(&self, name: &str, value: &'a Value) -> At<'a> {
        let path = if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        };
        At { value, path }
    }

    /// Every member, for objects whose names are free.
    pub(super) fn members(&self) -> Result<Vec<(String, At<'a>)>> {
        Ok(self
            .object()?
            .iter()
            .map(|(name, value)| (name.clone(), self.member(name, value)))
            .collect())
    }

    /// The one member of a union.
    pub(super) fn union(&self) -> Result<(&'a str, At<'a>)> {
        let mut present = self.object()?.iter().filter(|(_, value)| !value.is_null());
        match (present.next(), present.next()) {
            (Some((name, value)), None) => Ok((name, self.member(name, value))),
            (None, _) => Err(self.error("expected one member, found none")),
            (Some((one, _)), Some((other, _))) => Err(self.error(format!(
                "expected one member, found \"{one}\" and \"{other}\""
            ))),
        }
    }

    pub(super) fn fields(&self) -> Result<Fields<'a>> {
        Ok(Fields {
            members: self.object()?,
            at: self.clone(),
            taken: Vec::new(),
        })
    }
}

/// An object whose members are taken one by one, so that those left over can be named.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    members: &'a Map<String, Value>,
    at: At<'a>,
    taken: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// A member, if it is there; `null` is not.
    pub(super) fn take(&mut self, name: &'static str) -> Option<At<'a>> {
        self.taken.push(name);
        let value = self.members.get(name).filter(|value| !value.is_null())?;
        Some(self.at.member(name, value))
    }

    /// A member that must be there.
    pub(super) fn require(&mut self, name: &'static str) -> Result<At<'a>> {
        self.take(name)
            .ok_or_else(|| self.at.error(format!("\"{name}\" is missing")))
    }

    /// Names what was not taken.
    pub(super) fn finish(self, left_out: &mut Vec<String>) {
        left_out.extend(
            self.members
                .iter()
                .filter(|(name, value)| !value.is_null() && !self.taken.contains(&name.as_str()))
                .map(|(name, value)| self.at.member(name, value).path),
        );
    }
}
