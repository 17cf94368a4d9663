//! Sounds and spoken sentences, made here and nowhere fetched.

use super::{document, window};
use crate::protocol::Severity;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{AudioContext, AudioContextState, SpeechSynthesisUtterance};

/// Whether there would be a sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundState {
    /// This browser makes none.
    Missing,
    /// It waits for the first click or key on the page.
    Waiting,
    /// Yes.
    Ready,
}

thread_local! {
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

fn context() -> Option<AudioContext> {
    CONTEXT.with_borrow_mut(|context| {
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        context.clone()
    })
}

/// Whether there would be a sound now.
pub fn sound_state() -> SoundState {
    match context().map(|context| context.state()) {
        None => SoundState::Missing,
        Some(AudioContextState::Running) => SoundState::Ready,
        Some(_) => SoundState::Waiting,
    }
}

/// Lets sounds out, where the browser waited for a click and this is one.
pub fn wake_sound() {
    if let Some(context) = context().filter(|context| context.state() != AudioContextState::Running) {
        // A refusal shows as its state.
        let _ = context.resume();
    }
}

/// Calls [`wake_sound`] at the first click or key of the page while `is_wanted`.
pub fn wake_sound_on_click(is_wanted: impl Fn() -> bool + 'static) {
    let Some(document) = document() else { return };
    let handler = Closure::<dyn FnMut()>::new(move || {
        if is_wanted() {
            wake_sound();
        }
    });
    for kind in ["pointerdown", "keydown"] {
        let _ = document.add_event_listener_with_callback(kind, handler.as_ref().unchecked_ref());
    }
    handler.forget();
}

/// Tones of a severity: start and length in seconds, hertz. The worse, the more, the higher.
const fn tones(severity: Severity) -> &'static [(f64, f64, f32)] {
    match severity {
        Severity::P1 => &[
            (0.0, 0.16, 880.0),
            (0.2, 0.16, 1_175.0),
            (0.4, 0.3, 1_568.0),
            (0.9, 0.16, 880.0),
            (1.1, 0.16, 1_175.0),
            (1.3, 0.3, 1_568.0),
        ],
        Severity::P2 => &[(0.0, 0.18, 784.0), (0.24, 0.3, 587.0)],
        Severity::P3 => &[(0.0, 0.3, 523.0)],
    }
}

/// Sounds as `severity` does; how many seconds that takes, 0 where the browser makes none.
pub fn chime(severity: Severity) -> f64 {
    let Some(context) = context().filter(|context| context.state() == AudioContextState::Running) else {
        return 0.0;
    };
    let mut end = 0.0_f64;
    for (at, length, hertz) in tones(severity) {
        if tone(&context, *at, *length, *hertz).is_ok() {
            end = end.max(at + length);
        }
    }
    end
}

fn tone(context: &AudioContext, at: f64, length: f64, hertz: f32) -> Result<(), JsValue> {
    let (pitch, volume) = (context.create_oscillator()?, context.create_gain()?);
    let start = context.current_time() + at;
    pitch.frequency().set_value(hertz);
    // Without a crack at its ends.
    let gain = volume.gain();
    gain.set_value_at_time(0.0, start)?;
    gain.linear_ramp_to_value_at_time(0.25, start + 0.02)?;
    gain.exponential_ramp_to_value_at_time(0.001, start + length)?;
    pitch.connect_with_audio_node(&volume)?;
    volume.connect_with_audio_node(&context.destination())?;
    pitch.start_with_when(start)?;
    pitch.stop_with_when(start + length)
}

/// Whether this browser speaks.
pub fn can_speak() -> bool {
    window().is_some_and(|window| window.speech_synthesis().is_ok())
}

/// Speaks `text`, whose language has this tag, after `delay_secs`; what was being said is cut short.
pub fn speak(text: &str, tag: &str, delay_secs: f64) {
    let Some(speaker) = window().and_then(|window| window.speech_synthesis().ok()) else {
        return;
    };
    let Ok(sentence) = SpeechSynthesisUtterance::new_with_text(text) else {
        return;
    };
    sentence.set_lang(tag);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few seconds"
    )]
    let millis = (delay_secs.max(0.0) * 1_000.0) as u32;
    gloo::timers::callback::Timeout::new(millis, move || {
        speaker.cancel();
        speaker.speak(&sentence);
    })
    .forget();
}
