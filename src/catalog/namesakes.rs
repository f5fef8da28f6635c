//! Models of one name, as a service may list them: what of their ids tells them apart.

use std::collections::HashMap;

use super::{FoundationModel, ModelId};

/// The ids of a list by name.
#[derive(Clone, Debug, Default)]
pub struct Namesakes<'a>(HashMap<&'a str, Vec<&'a str>>);

impl<'a> Namesakes<'a> {
    /// Of the models of a list.
    pub fn of(list: impl IntoIterator<Item = (&'a str, &'a ModelId)>) -> Self {
        let mut ids: HashMap<&str, Vec<&str>> = HashMap::new();
        for (name, id) in list {
            ids.entry(name).or_default().push(id.as_str());
        }
        Self(ids)
    }

    /// Of the models of the catalog.
    pub fn of_models(models: &[&'a FoundationModel]) -> Self {
        Self::of(models.iter().map(|model| (model.name.as_str(), &model.id)))
    }

    /// What the id has that those of the same name do not, for small print; `None` where nobody else is called so.
    #[must_use]
    pub fn apart(&self, name: &str, id: &ModelId) -> Option<String> {
        let ids = self.0.get(name).filter(|ids| ids.len() > 1)?;
        let id = id.as_str();
        let rest = id.get(cut(ids)..).unwrap_or(id);
        let own = rest.trim_start_matches('-');
        Some(if own.is_empty() {
            id.split_once('.').map_or(id, |(_, model)| model).to_owned()
        } else if own.len() == id.len() {
            id.to_owned()
        } else {
            format!("…{own}")
        })
    }
}

/// Where the part begins that these ids do not share: at a whole word of theirs.
fn cut(ids: &[&str]) -> usize {
    let Some((first, others)) = ids.split_first() else {
        return 0;
    };
    let shared = first
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8())
        .take_while(|end| others.iter().all(|id| id.get(..*end) == first.get(..*end)))
        .last()
        .unwrap_or_default();
    let is_whole = |id: &&str| matches!(id.as_bytes().get(shared), None | Some(b'-'));
    if ids.iter().all(is_whole) {
        return shared;
    }
    first
        .get(..shared)
        .and_then(|text| text.rfind(['-', '.', '/']))
        .map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of models that are all called the same.
    fn said(ids: &[&str]) -> Vec<Option<String>> {
        let ids: Vec<ModelId> = ids.iter().copied().map(ModelId::from).collect();
        let list = Namesakes::of(ids.iter().map(|id| ("One name", id)));
        ids.iter().map(|id| list.apart("One name", id)).collect()
    }

    #[test]
    fn what_differs_is_said_in_whole_words() {
        let table: [(&[&str], &[&str]); 6] = [
            (
                &[
                    "anthropic.claude-haiku-4-5",
                    "anthropic.claude-haiku-4-5-20251001-v1:0",
                ],
                &["claude-haiku-4-5", "…20251001-v1:0"],
            ),
            (
                &["amazon.nova-reel-v1:0", "amazon.nova-reel-v1:1"],
                &["…v1:0", "…v1:1"],
            ),
            (
                &[
                    "amazon.nova-lite-v1:0",
                    "amazon.nova-lite-v1:0:24k",
                    "amazon.nova-lite-v1:0:300k",
                ],
                &["…v1:0", "…v1:0:24k", "…v1:0:300k"],
            ),
            (
                &["moonshot.kimi-k2-thinking", "moonshotai.kimi-k2-thinking"],
                &["moonshot.kimi-k2-thinking", "moonshotai.kimi-k2-thinking"],
            ),
            (
                &[
                    "arn:aws:bedrock:x:1:profile/a1",
                    "arn:aws:bedrock:x:1:profile/b2",
                ],
                &["…a1", "…b2"],
            ),
            (&["local.größe", "local.grün"], &["…größe", "…grün"]),
        ];
        for (ids, expected) in table {
            let said: Vec<String> = said(ids).into_iter().flatten().collect();
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn nothing_is_said_of_a_name_that_stands_alone() {
        assert_eq!(said(&["amazon.nova-pro-v1:0"]), [None]);
        let id = ModelId::from("amazon.nova-pro-v1:0");
        assert_eq!(Namesakes::default().apart("Nova Pro", &id), None);
    }
}
