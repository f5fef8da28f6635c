//! Prompts with places for values: `{{city}}`.

/// A place nothing was given for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no value is given for {{{{{0}}}}}")]
pub struct MissingVariable(pub String);

/// Puts values into their places. Braces around anything but a name (letters, digits, `_`, `-`, `.`)
/// are text, and so is what a value brings.
///
/// # Errors
/// When a name has no value.
pub fn fill<'v>(
    template: &str,
    value: impl Fn(&str) -> Option<&'v str>,
) -> Result<String, MissingVariable> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find("{{") {
        let (before, from) = rest.split_at(open);
        filled.push_str(before);
        let name = from[2..]
            .find("}}")
            .map(|end| (end, from[2..2 + end].trim()));
        if let Some((end, name)) = name.filter(|(_, name)| is_name(name)) {
            let given = value(name).ok_or_else(|| MissingVariable(name.to_owned()))?;
            filled.push_str(given);
            rest = &from[2 + end + 2..];
        } else {
            filled.push('{');
            rest = &from[1..];
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "_-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str) -> Result<String, MissingVariable> {
        fill(template, |name| match name {
            "city" => Some("Oslo"),
            "code" => Some("{{city}}"),
            _ => None,
        })
    }

    #[test]
    fn names_become_values_and_values_stay_as_they_are() {
        assert_eq!(
            filled("To {{city}} and {{ city }}: {{code}}").unwrap(),
            "To Oslo and Oslo: {{city}}"
        );
    }

    #[test]
    fn other_braces_are_text() {
        for text in ["{{", "}}", "{{ }}", "{{a b}}", "{{{", "fn f() {{}}", "ü{{é"] {
            assert_eq!(filled(text).as_deref(), Ok(text));
        }
        assert_eq!(filled("{{{city}}}").as_deref(), Ok("{Oslo}"));
    }

    #[test]
    fn a_name_without_a_value_is_told() {
        assert_eq!(filled("{{land}}"), Err(MissingVariable("land".into())));
        assert_eq!(
            MissingVariable("land".into()).to_string(),
            "no value is given for {{land}}"
        );
    }
}
