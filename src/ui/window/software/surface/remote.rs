//! An X server on another computer, as `ssh -X` gives one: no memory is shared with it, so the pixels that changed are
//! sent, in requests that it takes, and the next ones when these have arrived. Everything else of the window
//! stays with winit; this is a second connection beside its own.

use std::error::Error;

use bedrock_playground_painter::{Area, Canvas};
use winit::raw_window_handle::{HasWindowHandle as _, RawWindowHandle};
use winit::window::Window;
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::errors::ConnectionError;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateGCAux, CreateWindowAux, EventMask, Gcontext, ImageFormat,
    ImageOrder, PropMode, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::{PixelsError, Presented};
use crate::display;

const BYTES_PER_PIXEL: usize = 4;
/// Larger requests gain nothing, and each is put together in memory first.
const MOST_BYTES: usize = 256 * 1024;
/// The system holds so much for a connection without the sender having to wait.
const MOST_UNDER_WAY: usize = 1024 * 1024;
/// More areas than this become the one around them.
const MOST_AREAS: usize = 64;

/// A window on another computer.
pub struct Remote {
    connection: RustConnection,
    window: u32,
    context: Gcontext,
    depth: u8,
    /// A window nobody sees: once the server tells that its property changed, it has done all that was asked before.
    marker: u32,
    is_behind: bool,
    most_bytes: usize,
    pixels: Vec<u32>,
    size: (u32, u32),
    unsent: Vec<Area>,
}

impl Remote {
    /// `None` where the display is on this computer, or its server is one that this does not know to talk to.
    pub fn open(window: &Window) -> Option<Self> {
        let place = display::x_server_elsewhere()?;
        let id = match window.window_handle().ok()?.as_raw() {
            RawWindowHandle::Xlib(handle) => u32::try_from(handle.window).ok()?,
            RawWindowHandle::Xcb(handle) => handle.window.get(),
            _ => return None,
        };
        match Self::connect(id) {
            Ok(remote) => remote,
            Err(error) => {
                tracing::info!("no second connection to {place}: {error}");
                None
            }
        }
    }

    /// An error is only told: without this connection the window has the usual one.
    fn connect(window: u32) -> Result<Option<Self>, Box<dyn Error>> {
        let (connection, screen) = x11rb::connect(None)?;
        let depth = connection.get_geometry(window)?.reply()?.depth;
        let setup = connection.setup();
        let takes_pixels = setup.image_byte_order == ImageOrder::LSB_FIRST
            && setup.pixmap_formats.iter().any(|format| {
                format.depth == depth && usize::from(format.bits_per_pixel) == BYTES_PER_PIXEL * 8
            });
        let Some(root) = setup.roots.get(screen).map(|screen| screen.root) else {
            return Ok(None);
        };
        if !takes_pixels {
            return Ok(None);
        }
        let context = connection.generate_id()?;
        connection.create_gc(context, window, &CreateGCAux::new())?;
        let marker = connection.generate_id()?;
        let tells = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        let hidden = WindowClass::INPUT_ONLY;
        connection.create_window(0, marker, root, 0, 0, 1, 1, 0, hidden, 0, &tells)?;
        let most_bytes = connection.maximum_request_bytes().min(MOST_BYTES);
        Ok(Some(Self {
            connection,
            window,
            context,
            depth,
            marker,
            is_behind: false,
            most_bytes,
            pixels: Vec::new(),
            size: (0, 0),
            unsent: Vec::new(),
        }))
    }

    /// Draws, and sends those areas that drawing gives back, unless older ones are still on their way.
    pub fn present(
        &mut self,
        width: u32,
        height: u32,
        draw: impl FnOnce(&mut Canvas<'_>) -> Vec<Area>,
    ) -> Result<Presented, PixelsError> {
        let is_new = self.size != (width, height);
        if is_new {
            self.size = (width, height);
            self.pixels = vec![0; width as usize * height as usize];
            self.unsent = vec![Area::of_size(width, height)];
        }
        let changed = draw(&mut Canvas {
            pixels: &mut self.pixels,
            width,
            height,
            age: u8::from(!is_new),
        });
        for area in changed {
            add(&mut self.unsent, area);
        }
        self.hear()?;
        if !self.unsent.is_empty() && !self.is_behind {
            self.send_some()?;
        }
        Ok(if self.unsent.is_empty() {
            Presented::Yes
        } else {
            Presented::Later
        })
    }

    /// Hears whether what was sent has arrived.
    fn hear(&mut self) -> Result<(), ConnectionError> {
        while let Some(event) = self.connection.poll_for_event()? {
            match event {
                Event::PropertyNotify(_) => self.is_behind = false,
                Event::Error(error) => tracing::warn!("the display took no pixels: {error:?}"),
                _ => {}
            }
        }
        Ok(())
    }

    /// Sends what there is room for, and asks to hear when it has arrived.
    fn send_some(&mut self) -> Result<(), ConnectionError> {
        for band in take(&mut self.unsent, self.most_bytes) {
            self.send(band)?;
        }
        self.connection.change_property8(
            PropMode::REPLACE,
            self.marker,
            AtomEnum::WM_NAME,
            AtomEnum::STRING,
            &[],
        )?;
        self.connection.flush()?;
        self.is_behind = true;
        Ok(())
    }

    fn send(&self, area: Area) -> Result<(), ConnectionError> {
        // What X11 cannot name is on no screen.
        let Some((x, y, width, height)) = place(area) else {
            return Ok(());
        };
        self.connection.put_image(
            ImageFormat::Z_PIXMAP,
            self.window,
            self.context,
            width,
            height,
            x,
            y,
            0,
            self.depth,
            &bytes(&self.pixels, self.size.0, area),
        )?;
        Ok(())
    }
}

/// Left, top, width and height, as a request has them.
fn place(area: Area) -> Option<(i16, i16, u16, u16)> {
    Some((
        area.left.try_into().ok()?,
        area.top.try_into().ok()?,
        area.right.abs_diff(area.left).try_into().ok()?,
        area.bottom.abs_diff(area.top).try_into().ok()?,
    ))
}

/// The pixels of an area row by row, of a window that is so wide; the server swaps no bytes.
fn bytes(pixels: &[u32], width: u32, area: Area) -> Vec<u8> {
    let from_zero = |edge: i32| edge.max(0).unsigned_abs() as usize;
    let rows = pixels.chunks_exact(width.max(1) as usize);
    let rows = rows.take(from_zero(area.bottom)).skip(from_zero(area.top));
    rows.filter_map(|row| row.get(from_zero(area.left)..from_zero(area.right)))
        .flatten()
        .flat_map(|pixel| pixel.to_le_bytes())
        .collect()
}

/// What can be sent now of these areas, each in rows that a request of so many bytes takes; the rest stays.
fn take(areas: &mut Vec<Area>, most_bytes: usize) -> Vec<Area> {
    let mut taken = Vec::new();
    let mut room = MOST_UNDER_WAY;
    while room > 0
        && let Some(area) = areas.pop()
    {
        let (band, rest) = split(area, most_bytes);
        room = room.saturating_sub(bytes_of(band));
        taken.push(band);
        areas.extend(rest);
    }
    taken
}

/// The upper rows of an area, as many as a request of so many bytes takes with its header, and the others.
fn split(area: Area, most_bytes: usize) -> (Area, Option<Area>) {
    const HEADER: usize = 32;
    let row = bytes_of(Area {
        top: 0,
        bottom: 1,
        ..area
    });
    let rows = most_bytes.saturating_sub(HEADER) / row.max(1);
    let rows = i32::try_from(rows.max(1)).unwrap_or(i32::MAX);
    let middle = area.top.saturating_add(rows).min(area.bottom);
    let upper = Area {
        bottom: middle,
        ..area
    };
    let lower = Area {
        top: middle,
        ..area
    };
    (upper, (middle < area.bottom).then_some(lower))
}

fn bytes_of(area: Area) -> usize {
    let sides = [
        area.right.abs_diff(area.left),
        area.bottom.abs_diff(area.top),
    ];
    sides.map(|side| side as usize).iter().product::<usize>() * BYTES_PER_PIXEL
}

/// Adds an area to others; those that it overlaps become one with it, for no pixel is sent twice.
fn add(areas: &mut Vec<Area>, mut new: Area) {
    let is_crowded = areas.len() >= MOST_AREAS;
    while let Some(index) = areas
        .iter()
        .position(|area| is_crowded || overlap(*area, new))
    {
        new = around(areas.swap_remove(index), new);
    }
    areas.push(new);
}

fn overlap(one: Area, other: Area) -> bool {
    one.left < other.right
        && other.left < one.right
        && one.top < other.bottom
        && other.top < one.bottom
}

fn around(one: Area, other: Area) -> Area {
    Area {
        left: one.left.min(other.left),
        top: one.top.min(other.top),
        right: one.right.max(other.right),
        bottom: one.bottom.max(other.bottom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_area_goes_what_is_in_it_lowest_byte_first() {
        // Three rows of four.
        let pixels: Vec<u32> = (0..12).map(|pixel| 0x11_22_33_00 + pixel).collect();
        let area = Area {
            left: 1,
            top: 1,
            right: 3,
            bottom: 3,
        };
        let sent = bytes(&pixels, 4, area);
        let first_of_each: Vec<u8> = sent.iter().copied().step_by(BYTES_PER_PIXEL).collect();
        assert_eq!(first_of_each, [5, 6, 9, 10]);
        assert_eq!(sent[..BYTES_PER_PIXEL], [5, 0x33, 0x22, 0x11]);
    }

    #[test]
    fn an_area_goes_in_requests_that_are_small_enough_and_leaves_out_no_row() {
        let mut areas = vec![Area {
            left: 10,
            top: 5,
            right: 110,
            bottom: 12,
        }];
        // 100 pixels of 4 bytes: two rows and the header are 832.
        let bands: Vec<_> = take(&mut areas, 1_000)
            .iter()
            .map(|band| (band.left, band.right, band.top, band.bottom))
            .collect();
        assert_eq!(
            bands,
            [
                (10, 110, 5, 7),
                (10, 110, 7, 9),
                (10, 110, 9, 11),
                (10, 110, 11, 12)
            ]
        );
        assert_eq!(areas, []);
    }

    #[test]
    fn no_more_is_sent_than_the_system_holds() {
        // 4,000 pixels of 4 bytes are 16,000 a row.
        let mut areas = vec![Area::of_size(4_000, 2_000)];
        let taken = take(&mut areas, MOST_BYTES);
        let sent: usize = taken.iter().copied().map(bytes_of).sum();
        assert!((MOST_UNDER_WAY..MOST_UNDER_WAY + MOST_BYTES).contains(&sent));
        let last = taken.last().expect("something").bottom;
        let rest: Vec<_> = areas.iter().map(|area| (area.top, area.bottom)).collect();
        assert_eq!(rest, [(last, 2_000)]);
    }

    #[test]
    fn areas_that_overlap_become_one_and_others_stay_apart() {
        let area = |left, top, right, bottom| Area {
            left,
            top,
            right,
            bottom,
        };
        let mut areas = Vec::new();
        add(&mut areas, area(0, 0, 10, 10));
        // Side by side: no pixel is in both.
        add(&mut areas, area(10, 0, 20, 10));
        assert_eq!(areas.len(), 2);
        // It touches the second, and with that the first.
        add(&mut areas, area(5, 5, 12, 30));
        assert_eq!(areas, [area(0, 0, 20, 30)]);
        for row in 1..=2 * MOST_AREAS {
            let top = i32::try_from(row * 100).expect("a few thousand");
            add(&mut areas, area(0, top, 1, top + 1));
        }
        assert!(areas.len() <= MOST_AREAS);
    }

    #[test]
    fn a_row_that_is_too_long_goes_alone() {
        let mut areas = vec![Area::of_size(1_000, 3)];
        assert_eq!(take(&mut areas, 100).len(), 3);
    }
}
