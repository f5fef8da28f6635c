//! Regions, and the geographies that cross-Region inference profiles keep data in.

/// Every commercial and GovCloud region in which Bedrock serves models, from the source regions of
/// the profiles in `assets/models.json`.
pub const REGIONS: &[(&str, &str)] = &[
    ("us-east-1", "N. Virginia"),
    ("us-east-2", "Ohio"),
    ("us-west-1", "N. California"),
    ("us-west-2", "Oregon"),
    ("ca-central-1", "Canada Central"),
    ("ca-west-1", "Calgary"),
    ("mx-central-1", "Mexico"),
    ("sa-east-1", "São Paulo"),
    ("eu-central-1", "Frankfurt"),
    ("eu-central-2", "Zurich"),
    ("eu-north-1", "Stockholm"),
    ("eu-south-1", "Milan"),
    ("eu-south-2", "Spain"),
    ("eu-west-1", "Ireland"),
    ("eu-west-2", "London"),
    ("eu-west-3", "Paris"),
    ("il-central-1", "Tel Aviv"),
    ("me-central-1", "UAE"),
    ("me-south-1", "Bahrain"),
    ("af-south-1", "Cape Town"),
    ("ap-east-1", "Hong Kong"),
    ("ap-east-2", "Taipei"),
    ("ap-northeast-1", "Tokyo"),
    ("ap-northeast-2", "Seoul"),
    ("ap-northeast-3", "Osaka"),
    ("ap-south-1", "Mumbai"),
    ("ap-south-2", "Hyderabad"),
    ("ap-southeast-1", "Singapore"),
    ("ap-southeast-2", "Sydney"),
    ("ap-southeast-3", "Jakarta"),
    ("ap-southeast-4", "Melbourne"),
    ("ap-southeast-5", "Malaysia"),
    ("ap-southeast-6", "New Zealand"),
    ("ap-southeast-7", "Thailand"),
    ("us-gov-east-1", "GovCloud US-East"),
    ("us-gov-west-1", "GovCloud US-West"),
];

/// The prefix of a cross-Region inference profile, and so where a request may be processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Geography {
    /// `us`
    UnitedStates,
    /// `eu`
    Europe,
    /// `apac`
    AsiaPacific,
    /// `jp`
    Japan,
    /// `au`
    Australia,
    /// `ca`
    Canada,
    /// `in`
    India,
    /// `us-gov`
    GovCloud,
    /// `global`: any commercial region.
    Global,
}

impl Geography {
    /// Every geography, for walking.
    pub const ALL: [Self; 9] = [
        Self::UnitedStates,
        Self::Europe,
        Self::AsiaPacific,
        Self::Japan,
        Self::Australia,
        Self::Canada,
        Self::India,
        Self::GovCloud,
        Self::Global,
    ];

    /// The prefix as it stands in a profile's id, without the dot.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::UnitedStates => "us",
            Self::Europe => "eu",
            Self::AsiaPacific => "apac",
            Self::Japan => "jp",
            Self::Australia => "au",
            Self::Canada => "ca",
            Self::India => "in",
            Self::GovCloud => "us-gov",
            Self::Global => "global",
        }
    }

    /// The geography of a prefix.
    #[must_use]
    pub fn from_prefix(prefix: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|geography| geography.prefix() == prefix)
    }

    /// How a person would write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::UnitedStates => "US",
            Self::Europe => "EU",
            Self::AsiaPacific => "APAC",
            Self::Japan => "Japan",
            Self::Australia => "Australia",
            Self::Canada => "Canada",
            Self::India => "India",
            Self::GovCloud => "GovCloud",
            Self::Global => "Global",
        }
    }

    /// Whether requests from a region belong to this geography.
    #[must_use]
    pub fn covers(self, region: &str) -> bool {
        match self {
            Self::UnitedStates => region.starts_with("us-") && !region.starts_with("us-gov-"),
            Self::Europe => region.starts_with("eu-"),
            Self::AsiaPacific => region.starts_with("ap-"),
            Self::Japan => matches!(region, "ap-northeast-1" | "ap-northeast-3"),
            Self::Australia => {
                matches!(
                    region,
                    "ap-southeast-2" | "ap-southeast-4" | "ap-southeast-6"
                )
            }
            Self::Canada => region.starts_with("ca-"),
            Self::India => matches!(region, "ap-south-1" | "ap-south-2"),
            Self::GovCloud => region.starts_with("us-gov-"),
            Self::Global => !region.starts_with("us-gov-"),
        }
    }
}
