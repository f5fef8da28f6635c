//! Where a unit price comes from, and how old it is.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Usd;
use crate::catalog::Geography;

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day {
    year: u16,
    month: u8,
    date: u8,
}

impl Day {
    /// Reads the day at the beginning of `2026-11-21` or `2026-11-21T22:55:50Z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, rest) = text.split_at_checked(10)?;
        if !rest.is_empty() && !rest.starts_with('T') {
            return None;
        }
        let mut parts = whole.split('-');
        let mut number = |length: usize| {
            let digits = parts.next().filter(|part| part.len() == length)?;
            digits
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then_some(digits)
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let day = Self {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            date: day.parse().ok()?,
        };
        ((1..=12).contains(&day.month) && (1..=31).contains(&day.date)).then_some(day)
    }

    /// The day of a moment, in seconds since 1970; `None` for one that no calendar has.
    #[must_use]
    pub fn of_unix_seconds(seconds: i64) -> Option<Self> {
        let date = OffsetDateTime::from_unix_timestamp(seconds).ok()?.date();
        Some(Self {
            year: u16::try_from(date.year()).ok()?,
            month: date.month().into(),
            date: date.day(),
        })
    }

    /// Today, in UTC.
    #[must_use]
    pub fn today() -> Self {
        let date = OffsetDateTime::now_utc().date();
        Self {
            year: u16::try_from(date.year()).unwrap_or_default(),
            month: date.month().into(),
            date: date.day(),
        }
    }

    /// How many days it is after another; below zero when it is before.
    #[must_use]
    pub fn days_after(self, other: Self) -> i64 {
        self.number() - other.number()
    }

    /// The day so many days later, or earlier for a number below zero.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let seconds = self.midnight().saturating_add(days.saturating_mul(86_400));
        Self::of_unix_seconds(seconds).unwrap_or(self)
    }

    /// The first day of its month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self { date: 1, ..self }
    }

    /// When it begins in UTC, in seconds since 1970.
    #[must_use]
    pub fn midnight(self) -> i64 {
        self.number().saturating_mul(86_400)
    }

    /// Days since 1970. A day that no month has, such as 31 April, is the one after its month.
    fn number(self) -> i64 {
        // Years begin in March here, so that the day that comes and goes is the last one.
        let (month, year) = (i64::from(self.month), i64::from(self.year));
        let year = if month <= 2 { year - 1 } else { year };
        let since_march = (month + 9) % 12;
        let (century, of_century) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * since_march + 2) / 5 + i64::from(self.date) - 1;
        let of_four_centuries = of_century * 365 + of_century / 4 - of_century / 100 + of_year;
        century * 146_097 + of_four_centuries - 719_468
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.date)
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is not a day such as 2026-11-21"))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// One of the public price files AWS publishes Bedrock's prices in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Offer {
    /// Amazon's own and some open models.
    #[serde(rename = "AmazonBedrock")]
    Bedrock,
    /// Cross-Region and long-context rates of some models, among other things.
    #[serde(rename = "AmazonBedrockService")]
    Service,
    /// Models sold through AWS Marketplace.
    #[serde(rename = "AmazonBedrockFoundationModels")]
    FoundationModels,
}

impl Offer {
    /// Every offer.
    pub const ALL: [Self; 3] = [Self::Bedrock, Self::Service, Self::FoundationModels];

    /// The offer code, as in the file's address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Bedrock => "AmazonBedrock",
            Self::Service => "AmazonBedrockService",
            Self::FoundationModels => "AmazonBedrockFoundationModels",
        }
    }
}

/// Where a price was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceOrigin {
    /// The user's own price.
    Override {
        /// When it was entered.
        entered: Day,
    },
    /// A price file of AWS.
    PriceList {
        /// Which.
        offer: Offer,
        /// The day AWS published it.
        published: Day,
    },
    /// The table that comes with this program.
    Bundled {
        /// The day of the table.
        as_of: &'static str,
        /// Where the table's row was read.
        read_from: &'static str,
        /// How old that source was.
        read_on: &'static str,
        /// Why the row deserves doubt.
        caveat: Option<&'static str>,
        /// The row is one rate for a geography in which the source Region sets the price, so it is
        /// near but may not be exact.
        geography_rate: Option<Geography>,
    },
    /// Nobody charges: a server of the user's own runs the model.
    Local,
}

/// Where a unit price comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceSource {
    /// Where it was found.
    pub origin: PriceOrigin,
    /// The account discount that was taken off, in percent.
    pub discount_percent: Option<Decimal>,
}

impl PriceSource {
    /// Whether the price may differ from the one billed.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        matches!(
            self.origin,
            PriceOrigin::Bundled {
                geography_rate: Some(_),
                ..
            } | PriceOrigin::Bundled {
                caveat: Some(_),
                ..
            }
        )
    }

    /// The whole story in a sentence, for a tooltip.
    #[must_use]
    pub fn detail(&self) -> String {
        let mut text = match self.origin {
            PriceOrigin::Override { entered } => format!("Your price, entered {entered}"),
            PriceOrigin::PriceList { offer, published } => {
                format!("AWS Price List {}, published {published}", offer.code())
            }
            PriceOrigin::Bundled {
                as_of,
                read_from,
                read_on,
                caveat,
                geography_rate,
            } => {
                let mut text =
                    format!("Bundled table of {as_of}; read from {read_from} ({read_on})");
                if let Some(geography) = geography_rate {
                    text.push_str("; one rate for ");
                    text.push_str(geography.label());
                    text.push_str(", the source Region may change it");
                }
                if let Some(caveat) = caveat {
                    text.push_str("; ");
                    text.push_str(caveat);
                }
                text
            }
            PriceOrigin::Local => "A local model: nobody charges for it".to_owned(),
        };
        if let Some(percent) = self.discount_percent {
            text.push_str("; less your discount of ");
            text.push_str(&percent.normalize().to_string());
            text.push_str(" %");
        }
        text
    }
}

impl fmt::Display for PriceSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.origin {
            PriceOrigin::Override { entered } => write!(f, "override {entered}")?,
            PriceOrigin::PriceList { published, .. } => write!(f, "AWS price list {published}")?,
            PriceOrigin::Bundled {
                as_of,
                geography_rate,
                ..
            } => {
                write!(f, "bundled {as_of}")?;
                if let Some(geography) = geography_rate {
                    write!(f, ", {} rate", geography.label())?;
                }
            }
            PriceOrigin::Local => write!(f, "local model, free")?,
        }
        match self.discount_percent {
            Some(percent) => write!(f, ", less {} %", percent.normalize()),
            None => Ok(()),
        }
    }
}

/// What a number of things costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitPrice {
    /// The price.
    pub amount: Usd,
    /// For how many.
    pub per: u64,
    /// Where it comes from.
    pub source: PriceSource,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_from_dates_and_moments() {
        for (text, day) in [
            ("2026-11-21", Some("2026-11-21")),
            ("2025-06-18T22:55:50Z", Some("2025-06-18")),
            ("2026-13-01", None),
            ("2026-11-00", None),
            ("2026-11-21 x", None),
            ("21.11.2026", None),
            ("2026-1é-21", None),
            ("", None),
        ] {
            let read = Day::parse(text).map(|day| day.to_string());
            assert_eq!(read.as_deref(), day, "{text}");
        }
    }

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        let day = |text| Day::parse(text).unwrap();
        // Recorded with `date -u -d`: 1970-01-01 is day 0, 2026-11-21 is day 20,778.
        assert_eq!(day("1970-01-01").midnight(), 0);
        assert_eq!(day("2026-11-21").midnight(), 20_778 * 86_400);
        assert_eq!(day("2026-03-01").days_after(day("2026-02-28")), 1);
        assert_eq!(
            day("2028-03-01").days_after(day("2028-02-28")),
            2,
            "a leap year"
        );
        assert_eq!(day("2025-12-31").days_after(day("2026-01-01")), -1);
        assert_eq!(day("2026-11-21").plus_days(-21), day("2026-10-31"));
        assert_eq!(day("2026-11-21").first_of_month(), day("2026-11-01"));
        assert_eq!(Day::of_unix_seconds(1_795_303_800), Some(day("2026-11-21")));
        assert_eq!(Day::of_unix_seconds(i64::MAX), None);
    }

    #[test]
    fn a_source_names_itself_and_the_discount() {
        let source = PriceSource {
            origin: PriceOrigin::PriceList {
                offer: Offer::Bedrock,
                published: Day::parse("2026-11-20").unwrap(),
            },
            discount_percent: Some(Decimal::new(125, 1)),
        };
        assert_eq!(source.to_string(), "AWS price list 2026-11-20, less 12.5 %");
        assert_eq!(
            source.detail(),
            "AWS Price List AmazonBedrock, published 2026-11-20; less your discount of 12.5 %"
        );
    }
}
