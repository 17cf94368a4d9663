//! Work in small pieces: between two of them the page answers.

use super::clock::soon;
use std::cell::RefCell;
use std::collections::VecDeque;

type Piece = Box<dyn FnOnce()>;

thread_local! {
    /// What waits, first come first served; `None`: nothing does, and no task is under way.
    static WAITING: RefCell<Option<VecDeque<Piece>>> = const { RefCell::new(None) };
}

/// Calls `piece` in a task of its own, after all pieces that were given before it.
pub fn in_turn(piece: impl FnOnce() + 'static) {
    let is_first = WAITING.with_borrow_mut(|waiting| {
        let is_first = waiting.is_none();
        waiting.get_or_insert_default().push_back(Box::new(piece));
        is_first
    });
    if is_first {
        soon(next);
    }
}

fn next() {
    let piece = WAITING.with_borrow_mut(|waiting| {
        let piece = waiting.as_mut().and_then(VecDeque::pop_front);
        if piece.is_none() {
            *waiting = None;
        }
        piece
    });
    if let Some(piece) = piece {
        piece();
        soon(next);
    }
}

/// Calls `draw` before the browser paints next.
pub fn before_paint(draw: impl FnOnce() + 'static) {
    let draw = wasm_bindgen::closure::Closure::once_into_js(draw);
    if let Some(window) = super::window() {
        // Fails only for what is no function.
        let _ = window.request_animation_frame(wasm_bindgen::JsCast::unchecked_ref(&draw));
    }
}
