//! What an address that the user named answers.
//!
//! The browser itself asks with what it remembers (`cache: no-cache`, so `If-None-Match` and `If-Modified-Since`
//! from its own cache): a script that did so would need the server to expose `ETag`, would turn each look at
//! another origin into two requests, the first of which many servers refuse, and would itself have to hold the last
//! answer. The script sees a 200 either way, so a print of the bytes tells whether anything is new.

use crate::feed::{Print, retry_after};
use crate::protocol::{FeedProblem, Secret};
use crate::time::UtcMillis;
use gloo::timers::callback::Timeout;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, DedicatedWorkerGlobalScope, Headers, ReadableStreamDefaultReader, ReferrerPolicy,
    RequestCache, RequestInit, RequestRedirect, Response, ResponseType,
};

/// A server may be silent for so long.
const SILENCE_MILLIS: u32 = 30_000;
/// Most bytes that are taken: what never ends must end.
const MOST_BYTES: u64 = 1 << 30;

/// An answer.
pub struct Answer {
    /// Its bytes.
    pub blob: Blob,
    /// Tells it from others.
    pub print: u64,
    /// It says that it is a page for people.
    pub is_page: bool,
}

/// Why there is none, and how many milliseconds the server asks to wait.
pub struct NoAnswer(pub FeedProblem, pub Option<i64>);

impl From<FeedProblem> for NoAnswer {
    fn from(problem: FeedProblem) -> Self {
        Self(problem, None)
    }
}

/// Aborts what is under way after a silence.
struct Patience {
    controller: AbortController,
    is_over: Rc<Cell<bool>>,
    _timeout: Timeout,
}

impl Patience {
    fn new(controller: &AbortController, is_over: &Rc<Cell<bool>>) -> Self {
        let (aborted, over) = (controller.clone(), Rc::clone(is_over));
        Self {
            controller: controller.clone(),
            is_over: Rc::clone(is_over),
            _timeout: Timeout::new(SILENCE_MILLIS, move || {
                over.set(true);
                aborted.abort();
            }),
        }
    }

    fn renewed(self) -> Self {
        Self::new(&self.controller, &self.is_over)
    }

    fn problem(&self) -> FeedProblem {
        if self.is_over.get() {
            FeedProblem::Timeout
        } else {
            FeedProblem::Unreachable
        }
    }
}

/// Asks `url`, with a header if one is given.
pub async fn fetch(
    scope: &DedicatedWorkerGlobalScope,
    url: &str,
    header: Option<&(String, Secret)>,
) -> Result<Answer, NoAnswer> {
    let Ok(controller) = AbortController::new() else {
        return Err(FeedProblem::Unreachable.into());
    };
    let asked = RequestInit::new();
    asked.set_cache(RequestCache::NoCache);
    // The address bar holds what is looked at: nobody else's business.
    asked.set_referrer_policy(ReferrerPolicy::NoReferrer);
    asked.set_signal(Some(&controller.signal()));
    if let Some((name, Secret(token))) = header {
        let headers = Headers::new().map_err(|_| FeedProblem::Unreachable)?;
        // A name that is none is refused here.
        let is_set = headers.set(name, token);
        is_set.map_err(|error| FeedProblem::Unreadable(super::source::words(&error)))?;
        asked.set_headers(&headers);
        // A token goes where the user said, and no further.
        asked.set_redirect(RequestRedirect::Manual);
    }
    let mut patience = Patience::new(&controller, &Rc::default());
    let answer = JsFuture::from(scope.fetch_with_str_and_init(url, &asked)).await;
    let answer = answer.ok().and_then(|answer| answer.dyn_into::<Response>().ok());
    let Some(answer) = answer else {
        return Err(if is_insecure(scope, url) {
            FeedProblem::Insecure
        } else {
            patience.problem()
        }
        .into());
    };
    if answer.type_() == ResponseType::Opaqueredirect {
        return Err(FeedProblem::Redirected.into());
    }
    let header = |name: &str| answer.headers().get(name).ok().flatten();
    if !answer.ok() {
        let asked = header("retry-after").and_then(|text| retry_after(&text, super::now(), date));
        controller.abort();
        return Err(NoAnswer(FeedProblem::Status(answer.status()), asked));
    }
    let is_page = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    let (parts, mut print, mut length) = (js_sys::Array::new(), Print::default(), 0);
    let reader = answer.body().map(|body| body.get_reader());
    if let Some(reader) = reader.and_then(|reader| reader.dyn_into::<ReadableStreamDefaultReader>().ok()) {
        let mut bytes = Vec::new();
        loop {
            let step = JsFuture::from(reader.read())
                .await
                .map_err(|_| patience.problem())?;
            let get = |key: &str| js_sys::Reflect::get(&step, &key.into()).unwrap_or(JsValue::UNDEFINED);
            let Ok(chunk) = get("value").dyn_into::<js_sys::Uint8Array>() else {
                break;
            };
            patience = patience.renewed();
            length += u64::from(chunk.length());
            if length > MOST_BYTES {
                controller.abort();
                return Err(FeedProblem::TooLarge(MOST_BYTES >> 20).into());
            }
            bytes.resize(chunk.length() as usize, 0);
            chunk.copy_to(&mut bytes);
            print.take(&bytes);
            parts.push(&chunk);
        }
    }
    let blob = Blob::new_with_u8_array_sequence(&parts);
    Ok(Answer {
        blob: blob.map_err(|error| FeedProblem::Unreadable(super::source::words(&error)))?,
        print: print.value(),
        is_page,
    })
}

/// Sends `body`, JSON, to `url`; what is wrong if it is not taken.
pub async fn post(
    scope: &DedicatedWorkerGlobalScope,
    url: &str,
    token: &Secret,
    body: &str,
) -> Result<(), FeedProblem> {
    let controller = AbortController::new().map_err(|_| FeedProblem::Unreachable)?;
    let sent = RequestInit::new();
    sent.set_method("POST");
    sent.set_body(&JsValue::from_str(body));
    sent.set_referrer_policy(ReferrerPolicy::NoReferrer);
    // What it would be led to was not named by the user.
    sent.set_redirect(RequestRedirect::Manual);
    sent.set_signal(Some(&controller.signal()));
    let headers = Headers::new().map_err(|_| FeedProblem::Unreachable)?;
    let Secret(token) = token;
    for (name, value) in [("content-type", "application/json"), ("authorization", token)] {
        if !value.is_empty() {
            let is_set = headers.set(name, value);
            is_set.map_err(|error| FeedProblem::Unreadable(super::source::words(&error)))?;
        }
    }
    sent.set_headers(&headers);
    let patience = Patience::new(&controller, &Rc::default());
    let answer = JsFuture::from(scope.fetch_with_str_and_init(url, &sent)).await;
    let answer = answer.ok().and_then(|answer| answer.dyn_into::<Response>().ok());
    match answer {
        Some(answer) if answer.type_() == ResponseType::Opaqueredirect => Err(FeedProblem::Redirected),
        Some(answer) if answer.ok() => Ok(()),
        Some(answer) => Err(FeedProblem::Status(answer.status())),
        None if is_insecure(scope, url) => Err(FeedProblem::Insecure),
        None => Err(patience.problem()),
    }
}

/// Whether the browser refuses `url` for being plain HTTP, asked from a page that is not.
fn is_insecure(scope: &DedicatedWorkerGlobalScope, url: &str) -> bool {
    let is_here = |host: &str| ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    scope.location().protocol() == "https:"
        && web_sys::Url::new(url).is_ok_and(|url| url.protocol() == "http:" && !is_here(&url.hostname()))
}

/// A date as servers write it.
fn date(text: &str) -> Option<UtcMillis> {
    let millis = js_sys::Date::parse(text);
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2⁵³")]
    millis.is_finite().then_some(UtcMillis(millis as i64))
}
