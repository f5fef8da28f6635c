//! What a model would refuse, said before anything is sent.

use super::offer::{Knob, Need, Offer, PixelRule, SizeRule};
use super::{Draft, Picture, Task, offers};

/// A reason not to send.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    /// No model is chosen.
    #[error("Choose a model that makes images")]
    NoModel,
    /// The model makes no images, or this program does not know how to ask it.
    #[error("{model} makes no images that this program knows how to ask for")]
    NotAnImageModel {
        /// Its id.
        model: String,
    },
    /// The model does something else.
    #[error("This model does not offer {:?}; it offers {offered}", task.label())]
    NotOffered {
        /// What was asked for.
        task: Task,
        /// What there is.
        offered: String,
    },
    /// There are no words.
    #[error("Write what the image shall show")]
    NoPrompt,
    /// Too many words.
    #[error("{what} has {length} characters; the model takes at most {most}")]
    TooLong {
        /// Which words.
        what: &'static str,
        /// How many characters.
        length: usize,
        /// And how many at most.
        most: usize,
    },
    /// The size breaks the model's rules.
    #[error("{width} × {height} cannot be made: {rule}")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// What is wrong with it.
        rule: String,
    },
    /// Too many or too few pictures are asked for.
    #[error("1 to {most} images can be asked for at once, not {count}")]
    Count {
        /// How many were asked for.
        count: u32,
        /// At most.
        most: u32,
    },
    /// A number is out of its range.
    #[error("{what} goes from {from} to {to}, not {value}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// What it is.
        value: f64,
        /// At least.
        from: f64,
        /// At most.
        to: f64,
    },
    /// A word that the model does not know.
    #[error("{what} is one of {options}, not {value}")]
    UnknownChoice {
        /// Which word.
        what: &'static str,
        /// What it is.
        value: String,
        /// What there is.
        options: String,
    },
    /// Pictures are missing, or there are too many.
    #[error("{}", pictures(*least, *most, *given))]
    Pictures {
        /// At least.
        least: usize,
        /// At most.
        most: usize,
        /// How many there are.
        given: usize,
    },
    /// A picture is too large, too small or too long.
    #[error("{name} ({width} × {height}) is not taken: {rule}")]
    Picture {
        /// Which one.
        name: String,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// What is wrong with it.
        rule: String,
    },
    /// The picture whose style is taken is missing.
    #[error("Add the image whose style is taken")]
    NoStylePicture,
    /// The mask is missing.
    #[error("Paint a mask, or open one from a file")]
    NoMask,
    /// The mask is missing, and words would do.
    #[error("Paint a mask, open one from a file, or say in words what it covers")]
    NoMaskOrPrompt,
    /// The mask has another size.
    #[error("The mask is {mask}, the image {picture}: both must have the same size")]
    MaskSize {
        /// The size of the mask.
        mask: String,
        /// And of the picture.
        picture: String,
    },
    /// Both a mask and words for one.
    #[error("Give a mask or words for it, not both")]
    TwoMasks,
    /// Nothing to look for.
    #[error("Say what shall be looked for in the image")]
    NoSearch,
    /// No colours.
    #[error("1 to {most} colors are needed, not {given}")]
    Colors {
        /// How many there are.
        given: usize,
        /// At most.
        most: usize,
    },
    /// Not a colour.
    #[error("{color:?} is no color: write it as #RRGGBB")]
    Color {
        /// What was written.
        color: String,
    },
    /// Nothing is added on any side.
    #[error("Add pixels on at least one side")]
    NothingAdded,
    /// A picture cannot be read.
    #[error("{name} cannot be read")]
    Unreadable {
        /// Which one.
        name: String,
    },
}

fn pictures(least: usize, most: usize, given: usize) -> String {
    match (least, most) {
        (1, 1) if given == 0 => "Add the image to work on".to_owned(),
        (least, most) if given < least => format!("Add {least} to {most} images"),
        (_, 1) => format!("Only one image is taken, not {given}"),
        (_, most) => format!("At most {most} images are taken, not {given}"),
    }
}

impl Draft {
    /// Everything that would be refused; nothing when it can be sent.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let Some(model) = &self.model else {
            return vec![Problem::NoModel];
        };
        let offered = offers(model);
        if offered.is_empty() {
            let model = model.to_string();
            return vec![Problem::NotAnImageModel { model }];
        }
        let Some(offer) = self.offer() else {
            let offered: Vec<_> = offered.iter().map(|offer| offer.task.label()).collect();
            return vec![Problem::NotOffered {
                task: self.task,
                offered: offered.join(", "),
            }];
        };
        let mut problems = Vec::new();
        self.words(offer, &mut problems);
        self.incoming(offer, &mut problems);
        self.mask_problems(offer, &mut problems);
        self.numbers(offer, &mut problems);
        problems
    }

    fn words(&self, offer: &Offer, problems: &mut Vec<Problem>) {
        let mut check = |what, text: &str| {
            let length = text.chars().count();
            if length > offer.most_characters {
                let most = offer.most_characters;
                problems.push(Problem::TooLong { what, length, most });
            }
        };
        if offer.prompt != Need::None {
            check("The prompt", &self.prompt);
        }
        if offer.negative.is_some() {
            check("The negative prompt", &self.negative);
        }
        if offer.search.is_some() {
            check("What is looked for", &self.search);
        }
        if offer.prompt == Need::Required && self.prompt.trim().is_empty() {
            problems.push(Problem::NoPrompt);
        }
        if offer.search.is_some() && self.search.trim().is_empty() {
            problems.push(Problem::NoSearch);
        }
        if let Some(colors) = offer.colors {
            if !(1..=colors.most).contains(&self.colors.len()) {
                problems.push(Problem::Colors {
                    given: self.colors.len(),
                    most: colors.most,
                });
            }
            let wrong = self.colors.iter().filter(|color| !is_color(color));
            problems.extend(wrong.map(|color| Problem::Color {
                color: color.clone(),
            }));
        }
    }

    fn incoming(&self, offer: &Offer, problems: &mut Vec<Problem>) {
        if offer.picture.is_none() {
            return;
        }
        if !offer.pictures.contains(&self.pictures.len()) {
            problems.push(Problem::Pictures {
                least: *offer.pictures.start(),
                most: *offer.pictures.end(),
                given: self.pictures.len(),
            });
        }
        let style = match (offer.style_picture, &self.style_picture) {
            (Some(_), None) => {
                problems.push(Problem::NoStylePicture);
                None
            }
            (Some(_), picture) => picture.as_ref(),
            (None, _) => None,
        };
        let wrong = |picture: &Picture| {
            let rule = broken(&offer.picture_rule, picture.width, picture.height)?;
            Some(Problem::Picture {
                name: picture.name.clone(),
                width: picture.width,
                height: picture.height,
                rule,
            })
        };
        problems.extend(self.pictures.iter().chain(style).filter_map(wrong));
    }

    fn mask_problems(&self, offer: &Offer, problems: &mut Vec<Problem>) {
        let Some(mask) = offer.mask else { return };
        let has_words = mask.prompt.is_some() && !self.mask_prompt.trim().is_empty();
        match (&self.mask, self.pictures.first()) {
            (Some(_), _) if has_words => problems.push(Problem::TwoMasks),
            (Some(mask), Some(picture))
                if (mask.width, mask.height) != (picture.width, picture.height) =>
            {
                problems.push(Problem::MaskSize {
                    mask: format!("{} × {}", mask.width, mask.height),
                    picture: format!("{} × {}", picture.width, picture.height),
                });
            }
            (None, _) if !has_words => problems.push(if mask.prompt.is_some() {
                Problem::NoMaskOrPrompt
            } else {
                Problem::NoMask
            }),
            _ => {}
        }
    }

    fn numbers(&self, offer: &Offer, problems: &mut Vec<Problem>) {
        // Several pictures of a model that makes one at a time are several requests.
        let most = if offer.makes_one() {
            5
        } else {
            offer.most_images
        };
        if !(1..=most).contains(&self.count) {
            let count = self.count;
            problems.push(Problem::Count { count, most });
        }
        let (width, height) = (self.width, self.height);
        let broken_size = match &offer.size {
            SizeRule::Pixels(rule) => broken(rule, width, height),
            SizeRule::Listed(sizes) if !sizes.contains(&(width, height)) => {
                let sizes = sizes
                    .iter()
                    .map(|(width, height)| format!("{width}x{height}"));
                Some(format!(
                    "the model makes {}",
                    sizes.collect::<Vec<_>>().join(", ")
                ))
            }
            SizeRule::Listed(_) | SizeRule::ByModel => None,
        };
        if let Some(rule) = broken_size {
            problems.push(Problem::Size {
                width,
                height,
                rule,
            });
        }
        let mut range = |what, value: f64, from: f64, to: f64| {
            if !(from..=to).contains(&value) {
                problems.push(Problem::OutOfRange {
                    what,
                    value,
                    from,
                    to,
                });
            }
        };
        if let (Some((from, to, _)), Some(value)) = (offer.cfg_scale, self.cfg_scale) {
            range("The cfg scale", value, from, to);
        }
        if let (Some(most), Some(seed)) = (offer.most_seed, self.seed) {
            range("The seed", f64::from(seed), 0.0, f64::from(most));
        }
        for Knob {
            name,
            label,
            range: allowed,
            ..
        } in offer.knobs
        {
            if let Some(value) = self.knob(name) {
                range(label, value, *allowed.start(), *allowed.end());
            }
        }
        for choice in offer.choices {
            if let Some(value) = self.choices.get(choice.name)
                && !choice.options.contains(&value.as_str())
            {
                problems.push(Problem::UnknownChoice {
                    what: choice.label,
                    value: value.clone(),
                    options: choice.options.join(", "),
                });
            }
        }
        let sides = ["left", "right", "up", "down"];
        let has_sides = sides.iter().all(|side| offer.knob(side).is_some());
        let is_added = |side: &&str| self.knob(side).is_some_and(|pixels| pixels > 0.0);
        if has_sides && !sides.iter().any(is_added) {
            problems.push(Problem::NothingAdded);
        }
    }
}

/// What a size breaks of a rule, in words.
fn broken(rule: &PixelRule, width: u32, height: u32) -> Option<String> {
    let (from, to) = (*rule.side.start(), *rule.side.end());
    let (short, long) = (width.min(height), width.max(height));
    let pixels = u64::from(width) * u64::from(height);
    if short < from || long > to {
        return Some(format!("each side has {from} to {to} pixels"));
    }
    if rule.step > 1 && !(width.is_multiple_of(rule.step) && height.is_multiple_of(rule.step)) {
        return Some(format!("each side is a multiple of {}", rule.step));
    }
    if u64::from(long) * 100 > u64::from(short) * u64::from(rule.ratio_percent) {
        let ratio = f64::from(rule.ratio_percent) / 100.0;
        return Some(format!("the ratio of the sides is 1:{ratio} to {ratio}:1"));
    }
    if pixels > u64::from(rule.most_pixels) {
        return Some(format!(
            "it would have {pixels} pixels, and {} are the most",
            rule.most_pixels
        ));
    }
    (pixels < u64::from(rule.least_pixels)).then(|| {
        format!(
            "it has {pixels} pixels, and {} are the least",
            rule.least_pixels
        )
    })
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}
