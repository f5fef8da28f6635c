//! What a guardrail is defined by, policy by policy.

/// What happens to what a policy finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// The whole text is replaced by the blocked message.
    #[default]
    Block,
    /// What was found is replaced by its kind in braces; personal data and patterns only.
    Anonymize,
    /// It is told in the trace, and passes.
    Detect,
}

impl Action {
    /// The service's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Block => "BLOCK",
            Self::Anonymize => "ANONYMIZE",
            Self::Detect => "NONE",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Block => "Block",
            Self::Anonymize => "Mask",
            Self::Detect => "Detect only",
        }
    }

    /// By the service's word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Block, Self::Anonymize, Self::Detect]
            .into_iter()
            .find(|action| action.as_str() == word)
    }
}

/// What a policy does with prompts, or with answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnSide {
    /// Whether it looks at all; what it does not look at is not billed.
    pub enabled: bool,
    /// What it does with what it finds.
    pub action: Action,
}

impl Default for OnSide {
    fn default() -> Self {
        Self {
            enabled: true,
            action: Action::default(),
        }
    }
}

/// What a policy does with prompts and with answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// Prompts.
    pub input: OnSide,
    /// Answers.
    pub output: OnSide,
}

impl Sides {
    /// The same on both sides.
    #[must_use]
    pub fn both(action: Action) -> Self {
        let side = OnSide {
            enabled: true,
            action,
        };
        Self {
            input: side,
            output: side,
        }
    }
}

/// What a content filter looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentKind {
    /// `HATE`
    Hate,
    /// `INSULTS`
    Insults,
    /// `SEXUAL`
    Sexual,
    /// `VIOLENCE`
    Violence,
    /// `MISCONDUCT`
    Misconduct,
    /// `PROMPT_ATTACK`, which only prompts can be.
    PromptAttack,
}

impl ContentKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Hate,
        Self::Insults,
        Self::Sexual,
        Self::Violence,
        Self::Misconduct,
        Self::PromptAttack,
    ];

    /// The service's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hate => "HATE",
            Self::Insults => "INSULTS",
            Self::Sexual => "SEXUAL",
            Self::Violence => "VIOLENCE",
            Self::Misconduct => "MISCONDUCT",
            Self::PromptAttack => "PROMPT_ATTACK",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Hate => "Hate",
            Self::Insults => "Insults",
            Self::Sexual => "Sexual",
            Self::Violence => "Violence",
            Self::Misconduct => "Misconduct",
            Self::PromptAttack => "Prompt attacks",
        }
    }
}

/// How readily a content filter steps in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strength {
    /// Never.
    None,
    /// Where the service is sure.
    Low,
    /// Where it is fairly sure.
    Medium,
    /// Where there is any doubt.
    #[default]
    High,
}

impl Strength {
    /// Every strength, the weakest first.
    pub const ALL: [Self; 4] = [Self::None, Self::Low, Self::Medium, Self::High];

    /// The service's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        }
    }
}

/// A content filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentFilter {
    /// What it looks for.
    pub kind: ContentKind,
    /// How readily it steps in on prompts.
    pub input_strength: Strength,
    /// How readily it steps in on answers.
    pub output_strength: Strength,
    /// Whether it looks at pictures in prompts, too.
    pub input_images: bool,
    /// Whether it looks at pictures in answers, too.
    pub output_images: bool,
    /// What it does; never masks.
    pub sides: Sides,
}

impl ContentFilter {
    /// A filter at full strength, on both sides where there are two.
    #[must_use]
    pub fn new(kind: ContentKind) -> Self {
        let output_strength = match kind {
            // The service refuses any other.
            ContentKind::PromptAttack => Strength::None,
            _ => Strength::High,
        };
        Self {
            kind,
            input_strength: Strength::High,
            output_strength,
            input_images: false,
            output_images: false,
            sides: Sides::default(),
        }
    }
}

/// A subject that is not to be talked of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// What belongs to it, for the model that decides.
    pub definition: String,
    /// Sentences that belong to it.
    pub examples: Vec<String>,
    /// What is done; never masks.
    pub sides: Sides,
}

/// A word or phrase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// As it is matched, whatever its case.
    pub text: String,
    /// What is done; never masks.
    pub sides: Sides,
}

/// A kind of personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PiiEntity {
    /// The service's word for the kind: one of [`PII_KINDS`], or a newer one.
    pub kind: String,
    /// What is done.
    pub sides: Sides,
}

/// A regular expression for data of one's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// What stands in the place of what is masked.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The expression.
    pub pattern: String,
    /// What is done.
    pub sides: Sides,
}

/// What contextual grounding asks of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroundingKind {
    /// That the source bears it out.
    Grounding,
    /// That it answers the question.
    Relevance,
}

impl GroundingKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Grounding, Self::Relevance];

    /// The service's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grounding => "GROUNDING",
            Self::Relevance => "RELEVANCE",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Grounding => "Grounding",
            Self::Relevance => "Relevance",
        }
    }
}

/// A threshold of contextual grounding; it looks at answers only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroundingFilter {
    /// What is asked.
    pub kind: GroundingKind,
    /// The least score that passes, from 0 to 0.99.
    pub threshold: f64,
    /// What is done with less; never masks.
    pub on: OnSide,
}

/// What a guardrail has that is not edited here and must not be lost when it is saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// Which detection the content filters use: `CLASSIC` or `STANDARD`.
    pub content_tier: Option<String>,
    /// The same of denied topics.
    pub topic_tier: Option<String>,
    /// The same of contextual grounding.
    pub grounding_tier: Option<String>,
    /// ARNs of automated reasoning policies.
    pub automated_reasoning: Vec<String>,
    /// How sure these must be, from 0 to 1.
    pub automated_reasoning_confidence: Option<f64>,
    /// The profile by which it works across Regions.
    pub cross_region_profile: Option<String>,
    /// The key it is encrypted with.
    pub kms_key: Option<String>,
}

/// What a guardrail is defined by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definition {
    /// Its name: letters, digits, `-` and `_`.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What is shown instead of a blocked prompt's answer.
    pub blocked_input_messaging: String,
    /// What is shown instead of a blocked answer.
    pub blocked_outputs_messaging: String,
    /// Content filters, one of a kind.
    pub content: Vec<ContentFilter>,
    /// Denied topics.
    pub topics: Vec<Topic>,
    /// Words of one's own.
    pub words: Vec<Word>,
    /// The service's list of profanity, when it is used.
    pub profanity: Option<Sides>,
    /// Personal data.
    pub pii: Vec<PiiEntity>,
    /// Regular expressions.
    pub patterns: Vec<Pattern>,
    /// Contextual grounding.
    pub grounding: Vec<GroundingFilter>,
    /// What is not edited here.
    pub kept: Kept,
}

impl Definition {
    /// What a new guardrail begins as: filters at full strength, and profanity.
    #[must_use]
    pub fn fresh() -> Self {
        Self {
            blocked_input_messaging: "Sorry, this question cannot be answered here.".to_owned(),
            blocked_outputs_messaging: "Sorry, the answer cannot be shown here.".to_owned(),
            content: ContentKind::ALL.map(ContentFilter::new).to_vec(),
            profanity: Some(Sides::default()),
            ..Self::default()
        }
    }
}

/// Kinds of personal data the service knows, with what people call them.
pub const PII_KINDS: [(&str, &str); 31] = [
    ("ADDRESS", "Address"),
    ("AGE", "Age"),
    ("AWS_ACCESS_KEY", "AWS access key"),
    ("AWS_SECRET_KEY", "AWS secret key"),
    ("CA_HEALTH_NUMBER", "Canadian health number"),
    (
        "CA_SOCIAL_INSURANCE_NUMBER",
        "Canadian social insurance number",
    ),
    ("CREDIT_DEBIT_CARD_CVV", "Card verification code"),
    ("CREDIT_DEBIT_CARD_EXPIRY", "Card expiry date"),
    ("CREDIT_DEBIT_CARD_NUMBER", "Card number"),
    ("DRIVER_ID", "Driving licence number"),
    ("EMAIL", "Email address"),
    ("INTERNATIONAL_BANK_ACCOUNT_NUMBER", "IBAN"),
    ("IP_ADDRESS", "IP address"),
    ("LICENSE_PLATE", "Licence plate"),
    ("MAC_ADDRESS", "MAC address"),
    ("NAME", "Name"),
    ("PASSWORD", "Password"),
    ("PHONE", "Phone number"),
    ("PIN", "PIN"),
    ("SWIFT_CODE", "SWIFT code"),
    (
        "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
        "UK health service number",
    ),
    (
        "UK_NATIONAL_INSURANCE_NUMBER",
        "UK national insurance number",
    ),
    (
        "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
        "UK taxpayer reference",
    ),
    ("URL", "Web address"),
    ("USERNAME", "User name"),
    ("US_BANK_ACCOUNT_NUMBER", "US bank account number"),
    ("US_BANK_ROUTING_NUMBER", "US bank routing number"),
    (
        "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
        "US taxpayer number",
    ),
    ("US_PASSPORT_NUMBER", "US passport number"),
    ("US_SOCIAL_SECURITY_NUMBER", "US social security number"),
    (
        "VEHICLE_IDENTIFICATION_NUMBER",
        "Vehicle identification number",
    ),
];
