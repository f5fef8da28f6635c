//! Moments as people read them: in their own time zone, the near ones by the day's name. It knows nothing of
//! egui. Days of money are those AWS bills by, in UTC, and do not come through here.

use jiff::civil::Date;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::store::UnixMs;

/// A time zone, with its summer times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The one of nobody in particular.
    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The system's; UTC where it has none. Reads files.
    #[must_use]
    pub fn of_system() -> Self {
        Self(TimeZone::try_system().unwrap_or(TimeZone::UTC))
    }

    /// By its rule, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
    #[must_use]
    pub fn by_rule(rule: &str) -> Option<Self> {
        TimeZone::posix(rule).ok().map(Self)
    }

    /// What stands behind a time that is told in full.
    fn words(&self, at: &Zoned) -> String {
        let offset = text("UTC%:z", at);
        match self.0.iana_name() {
            Some("UTC" | "Etc/UTC") => "UTC".to_owned(),
            Some(name) => format!("{name}, {offset}"),
            None => offset,
        }
    }
}

/// What time it is, and where.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: Zone,
    now: UnixMs,
}

impl Clock {
    /// A clock that stands.
    #[must_use]
    pub fn new(zone: Zone, now: UnixMs) -> Self {
        Self { zone, now }
    }

    /// Tells times of this zone from now on.
    pub fn set_zone(&mut self, zone: Zone) {
        self.zone = zone;
    }

    /// It is later now.
    pub fn set_now(&mut self, now: UnixMs) {
        self.now = now;
    }

    /// What time it was when the frame began.
    #[must_use]
    pub fn now(&self) -> UnixMs {
        self.now
    }

    /// A moment, as short as it can be told apart from others; nothing for one outside the calendar.
    #[must_use]
    pub fn short(&self, at: UnixMs) -> String {
        let (Some(at), Some(now)) = (self.zoned(at), self.zoned(self.now)) else {
            return String::new();
        };
        let (day, today) = (at.date(), now.date());
        let form = if day == today {
            "Today %H:%M"
        } else if today.yesterday().is_ok_and(|yesterday| day == yesterday) {
            "Yesterday %H:%M"
        } else if day.year() == today.year() {
            "%a %-d %b %H:%M"
        } else {
            "%Y-%m-%d %H:%M"
        };
        text(form, &at)
    }

    /// A moment to the second, with its zone.
    #[must_use]
    pub fn full(&self, at: UnixMs) -> String {
        let Some(at) = self.zoned(at) else {
            return String::new();
        };
        let moment = text("%A %-d %B %Y, %H:%M:%S", &at);
        format!("{moment} ({})", self.zone.words(&at))
    }

    /// The day it is, as names of files have it.
    #[must_use]
    pub fn today(&self) -> String {
        self.zoned(self.now)
            .map_or_else(String::new, |now| text("%Y-%m-%d", &now))
    }

    /// When a day written as 2026-11-21 begins here, and when the next one does; `None` for what is no day.
    #[must_use]
    pub fn day(&self, written: &str) -> Option<(UnixMs, UnixMs)> {
        let day = Date::strptime("%Y-%m-%d", written).ok()?;
        Some((self.begin(day)?, self.begin(day.tomorrow().ok()?)?))
    }

    fn begin(&self, day: Date) -> Option<UnixMs> {
        // Where the clocks go forward at midnight, it begins at one.
        let begin = day.to_zoned(self.zone.0.clone()).ok()?;
        Some(UnixMs(begin.timestamp().as_millisecond()))
    }

    fn zoned(&self, at: UnixMs) -> Option<Zoned> {
        let at = Timestamp::from_millisecond(at.0).ok()?;
        Some(at.to_zoned(self.zone.0.clone()))
    }
}

fn text(form: &str, at: &Zoned) -> String {
    strtime::format(form, at).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22, a Sunday, at 13:05:09 UTC: 20,779 days after 1970-01-01.
    const NOW: i64 = 20_779 * DAY + 13 * HOUR + 5 * 60_000 + 9_000;
    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;

    fn clock(zone: Zone) -> Clock {
        Clock::new(zone, UnixMs(NOW))
    }

    /// A rule of its own, so that the test needs no database: an hour ahead in winter, two in summer, from
    /// the last Sunday of March to the last of October, as in Berlin.
    fn central_europe() -> Zone {
        Zone::by_rule("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    #[test]
    fn near_days_have_their_names_and_far_ones_their_dates() {
        let clock = clock(Zone::utc());
        let short = |at| clock.short(UnixMs(at));
        assert_eq!(short(NOW), "Today 13:05");
        assert_eq!(short(NOW - 14 * HOUR), "Yesterday 23:05");
        assert_eq!(short(NOW - 6 * DAY), "Mon 16 Nov 13:05");
        assert_eq!(short(NOW + DAY), "Mon 23 Nov 13:05");
        assert_eq!(short(NOW - 326 * DAY), "2025-12-31 13:05");
        assert_eq!(short(i64::MAX), "");
    }

    #[test]
    fn the_day_is_the_one_of_the_zone_not_of_utc() {
        // 23:30 UTC of the 21st is half past midnight of the 22nd in Berlin.
        let at = UnixMs(20_779 * DAY - HOUR / 2);
        assert_eq!(clock(Zone::utc()).short(at), "Yesterday 23:30");
        assert_eq!(clock(central_europe()).short(at), "Today 00:30");
    }

    #[test]
    fn summer_time_counts_where_it_was_summer() {
        let clock = clock(central_europe());
        // 2026-07-01 is 20,635 days after 1970-01-01.
        let july = UnixMs(20_635 * DAY + 12 * HOUR);
        assert_eq!(clock.short(july), "Wed 1 Jul 14:00");
        assert_eq!(
            clock.full(july),
            "Wednesday 1 July 2026, 14:00:00 (UTC+02:00)"
        );
        assert_eq!(
            clock.full(UnixMs(NOW)),
            "Sunday 22 November 2026, 14:05:09 (UTC+01:00)"
        );
    }

    #[test]
    fn utc_is_called_so() {
        let clock = clock(Zone::utc());
        assert_eq!(
            clock.full(UnixMs(NOW)),
            "Sunday 22 November 2026, 13:05:09 (UTC)"
        );
        assert_eq!(clock.today(), "2026-11-22");
    }

    #[test]
    fn a_day_is_as_long_as_it_is_here() {
        // 2026-11-20 is 20,777 days after 1970-01-01.
        let day = |zone| clock(zone).day("2026-11-20");
        let begin = 20_777 * DAY;
        let utc = (UnixMs(begin), UnixMs(begin + DAY));
        assert_eq!(day(Zone::utc()), Some(utc));
        let here = (UnixMs(begin - HOUR), UnixMs(begin + DAY - HOUR));
        assert_eq!(day(central_europe()), Some(here));
        // On 2026-10-25 the clocks go back: 25 hours.
        let (from, before) = clock(central_europe()).day("2026-10-25").unwrap();
        assert_eq!(before.0 - from.0, 25 * HOUR);
        assert_eq!(clock(Zone::utc()).day("20.11.2026"), None);
    }
}
