//! The panes of the window, and going from one to the next by key: the navigation, the head of a page, what
//! it shows, where one writes, what stands beside it.
//!
//! Tab goes through controls in the order in which they are drawn, and panels at the sides are drawn first,
//! so that a page's own controls come late. Panes are gone through as they are read. What is in a pane this
//! must not know.

use egui::{Context, FocusDirection, Id, Rect, Ui};

/// Which way to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneStep {
    /// To the next one to read.
    Next,
    /// To the one before.
    Previous,
}

#[derive(Clone, Copy, Debug)]
struct Pane {
    id: Id,
    rect: Rect,
}

/// A pane on its way to get the keyboard.
#[derive(Clone, Copy, Debug)]
struct Visit {
    id: Id,
    step: PaneStep,
    /// How many panes may still turn out to have no control at all.
    tries: usize,
}

/// What egui keeps of a window's panes from frame to frame.
#[derive(Clone, Debug, Default)]
struct Panes {
    pass: u64,
    drawn: Vec<Pane>,
    visit: Option<Visit>,
}

impl Panes {
    fn of<R>(ctx: &Context, act: impl FnOnce(&mut Self) -> R) -> R {
        ctx.data_mut(|data| act(data.get_temp_mut_or_default(Id::unique("panes"))))
    }

    /// The pane at this many steps from the one that holds the rectangle; without one, from the first.
    fn beside(&self, from: Option<Rect>, step: PaneStep) -> Option<Id> {
        let mut panes = self.drawn.clone();
        // Columns from the left, and each from the top.
        panes.sort_by(|a, b| {
            let [a, b] = [a, b].map(|pane| pane.rect.left_top());
            a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
        });
        let holds = |pane: &Pane| from.is_some_and(|rect| pane.rect.contains(rect.center()));
        let at = panes.iter().position(holds).unwrap_or_default();
        let to = match step {
            PaneStep::Next => at + 1,
            PaneStep::Previous => at + panes.len().checked_sub(1)?,
        };
        panes.get(to % panes.len().max(1)).map(|pane| pane.id)
    }
}

/// Makes a panel with this content a pane.
pub fn in_pane<R>(content: impl FnOnce(&mut Ui) -> R) -> impl FnOnce(&mut Ui) -> R {
    |ui| {
        let visited = begin(ui);
        let shown = content(ui);
        if let Some(pane) = visited {
            // Without a control in it the keyboard would go to whatever is drawn next.
            let behind = behind_controls(pane);
            let layer = ui.layer_id();
            ui.memory_mut(|memory| memory.interested_in_focus(behind, layer));
        }
        shown
    }
}

/// What takes the keyboard in a pane without controls, for no longer than it takes to go on.
fn behind_controls(pane: Id) -> Id {
    pane.with("behind the last control")
}

/// Says that a pane is drawn, and which one it is when it is to have the keyboard.
fn begin(ui: &Ui) -> Option<Id> {
    let ctx = ui.ctx();
    let drawn = Pane {
        id: ui.scope_id(),
        rect: ui.max_rect(),
    };
    let pass = ctx.cumulative_pass_nr();
    let is_visited = Panes::of(ctx, |panes| {
        if panes.pass != pass {
            panes.pass = pass;
            panes.drawn.clear();
        }
        panes.drawn.push(drawn);
        panes.visit.is_some_and(|visit| visit.id == drawn.id)
    });
    if is_visited {
        // As if Tab were pressed on something right before the first control.
        let before = drawn.id.with("before the first control");
        ctx.memory_mut(|memory| {
            memory.request_focus(before);
            memory.move_focus(FocusDirection::Next);
            memory.interested_in_focus(before, ui.layer_id());
        });
    }
    is_visited.then_some(drawn.id)
}

/// Gives the keyboard to the pane beside the one that has it. Call it when all panes are drawn.
pub fn go_to_pane(ctx: &Context, step: PaneStep) {
    // What lies above the panes keeps the keyboard.
    if ctx.memory(|memory| memory.top_modal_layer().is_some()) {
        return;
    }
    let from = focused(ctx);
    Panes::of(ctx, |panes| {
        panes.visit = panes.beside(from, step).map(|id| Visit {
            id,
            step,
            tries: panes.drawn.len(),
        });
    });
    ctx.request_repaint();
}

/// Goes on where a pane had nothing to take the keyboard. Call it when all panes are drawn.
pub fn follow_visit(ctx: &Context) {
    let Some(visit) = Panes::of(ctx, |panes| panes.visit) else {
        return;
    };
    let behind = behind_controls(visit.id);
    let has_none = ctx.memory(|memory| memory.has_focus(behind));
    if has_none {
        ctx.memory_mut(|memory| memory.surrender_focus(behind));
    }
    let goes_on = Panes::of(ctx, |panes| {
        let visited = panes.drawn.iter().find(|pane| pane.id == visit.id);
        panes.visit = match visited {
            Some(pane) if has_none && visit.tries > 0 => {
                let next = panes.beside(Some(pane.rect), visit.step);
                next.map(|id| Visit {
                    id,
                    tries: visit.tries - 1,
                    ..visit
                })
            }
            _ => None,
        };
        panes.visit.is_some()
    });
    if goes_on {
        ctx.request_repaint();
    }
}

/// Where the control is that has the keyboard.
fn focused(ctx: &Context) -> Option<Rect> {
    let id = ctx.memory(egui::Memory::focused)?;
    ctx.read_response(id).map(|response| response.rect)
}

#[cfg(test)]
mod tests {
    use egui::{CentralPanel, Panel};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;

    /// Left, then from the top in the middle, then right; the one in the middle has nothing to press.
    fn panes(ui: &mut Ui, step: &mut Option<PaneStep>) {
        Panel::right("right").show(ui, in_pane(|ui| ui.button("right")));
        Panel::left("left").show(
            ui,
            in_pane(|ui| {
                let _ = ui.button("left");
                ui.button("left again")
            }),
        );
        CentralPanel::default().show(ui, in_pane(|ui| ui.label("nothing to press")));
        follow_visit(ui.ctx());
        if let Some(step) = step.take() {
            go_to_pane(ui.ctx(), step);
        }
    }

    #[test]
    fn one_without_controls_is_passed_over_both_ways() {
        let mut harness = Harness::new_ui_state(panes, None);
        harness.run();
        let mut go = |step| {
            *harness.state_mut() = Some(step);
            harness.run();
            let names = ["left", "left again", "right"];
            names
                .into_iter()
                .find(|name| harness.get_by_label(name).is_focused())
        };
        assert_eq!(go(PaneStep::Next), Some("right"));
        assert_eq!(go(PaneStep::Next), Some("left"));
        assert_eq!(go(PaneStep::Previous), Some("right"));
        assert_eq!(go(PaneStep::Previous), Some("left"));
    }
}
