//! The worker that reads files: bytes to blocks of rows, for the engine's worker to keep.
//!
//! A worker of its own, because reading and keeping rows take about as long as each other; because the
//! engine answers meanwhile; because a file that ends in a panic ends only this; and because its memory is
//! given back with it.

use super::decoder::decoders;
use super::live_host::LiveHost;
use super::source::{Chunks, Source};
use crate::ingest::{
    CONTAINER_HEAD, FileReader, MOST_HELD, ReadEnd, ReadNews, ReadTask, RowsRead, Step, container_of,
    read_container,
};
use crate::protocol::{Problem, decode, encode_into};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// Least time between two progress reports.
const PROGRESS_MILLIS: i64 = 100;
/// Blocks on their way at once: enough that the engine never waits, few enough to be no memory.
const AHEAD: u32 = 8;

struct Host {
    scope: DedicatedWorkerGlobalScope,
    /// Blocks that were not acknowledged.
    under_way: Cell<u32>,
    /// The last message, whose room the next one takes.
    bytes: RefCell<Vec<u8>>,
    /// Buffers that came back with an acknowledgement, to be filled again.
    spare: RefCell<Vec<js_sys::ArrayBuffer>>,
    waker: RefCell<Option<Waker>>,
}

/// Reads what it is told to.
pub fn host_reader() {
    console_error_panic_hook::set_once();
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let host = Rc::new(Host {
        scope: scope.clone(),
        under_way: Cell::new(0),
        bytes: RefCell::default(),
        spare: RefCell::default(),
        waker: RefCell::default(),
    });
    let receiver = Rc::clone(&host);
    let live = LiveHost::new(&scope);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let data = message.data();
        // Tasks of live sources are bytes alone.
        if let Some(task) = data.dyn_ref::<js_sys::Uint8Array>() {
            return live.receive(&task.to_vec());
        }
        let parts = match data.dyn_into::<js_sys::ArrayBuffer>() {
            Ok(spare) => return receiver.acknowledged(spare),
            Err(parts) => js_sys::Array::from(&parts),
        };
        let task = parts.get(0).dyn_into::<js_sys::Uint8Array>().ok();
        let Some(task) = task.and_then(|bytes| decode::<ReadTask>(&bytes.to_vec())) else {
            return;
        };
        let file = parts.get(1);
        let source = if let Some(url) = &task.url {
            Source::Url(url.clone())
        } else if let Some(bytes) = file.dyn_ref::<js_sys::Uint8Array>() {
            Source::Held(bytes.clone())
        } else if let Ok(blob) = file.dyn_into::<Blob>() {
            Source::Blob(blob)
        } else {
            return;
        };
        let host = Rc::clone(&receiver);
        wasm_bindgen_futures::spawn_local(async move {
            host.post(&match host.read(&task, &source).await {
                Ok(()) => ReadNews::End,
                Err(problem) => ReadNews::Failed(problem),
            });
        });
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    host.post(&ReadNews::Ready);
}

impl Host {
    fn post(&self, news: &ReadNews) {
        let mut bytes = self.bytes.borrow_mut();
        encode_into(news, &mut bytes);
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let spare = self.spare.borrow_mut().pop();
        // Memory that the browser has to make anew costs as much as the copy.
        let buffer = match spare {
            Some(spare) if spare.byte_length() >= length => spare,
            _ => js_sys::ArrayBuffer::new(length + length / 8),
        };
        let message = js_sys::Uint8Array::new_with_byte_offset_and_length(&buffer, 0, length);
        message.copy_from(&bytes);
        // Fails only if the engine is gone.
        let _ = self
            .scope
            .post_message_with_transfer(&message, &js_sys::Array::of1(&buffer));
    }

    fn acknowledged(&self, spare: js_sys::ArrayBuffer) {
        self.spare.borrow_mut().push(spare);
        self.under_way.set(self.under_way.get().saturating_sub(1));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Hands blocks over, as the engine takes them.
    async fn give(&self, blocks: impl Iterator<Item = ReadNews>) {
        for block in blocks {
            poll_fn(|context| {
                if self.under_way.get() < AHEAD {
                    return Poll::Ready(());
                }
                *self.waker.borrow_mut() = Some(context.waker().clone());
                Poll::Pending
            })
            .await;
            self.under_way.set(self.under_way.get() + 1);
            self.post(&block);
        }
    }

    /// Reads a file to its end.
    async fn read(&self, task: &ReadTask, source: &Source) -> Result<(), Problem> {
        let (head, chunks) = start(source).await?;
        if container_of(&head).is_some() {
            return self.read_container(task, head, chunks, source).await;
        }
        self.read_text(task, source, (head, chunks)).await
    }

    /// Reads a file that holds others, or sheets.
    async fn read_container(
        &self,
        task: &ReadTask,
        mut bytes: Vec<u8>,
        mut chunks: Chunks,
        source: &Source,
    ) -> Result<(), Problem> {
        // Its bytes are told as read when they are unpacked, which takes the time.
        bytes.reserve_exact(
            usize::try_from(task.size.min(MOST_HELD))
                .unwrap_or(0)
                .saturating_sub(bytes.len()),
        );
        while let Some(chunk) = chunks.next().await? {
            if bytes.len() as u64 + chunk.len() as u64 > MOST_HELD {
                return Err(Problem::Unpacks(MOST_HELD >> 20));
            }
            bytes.extend_from_slice(chunk);
        }
        whole(bytes.len() as u64, task, source)?;
        drop(chunks);
        let mut reported = super::now();
        let mut hand = async |news: ReadNews| match news {
            ReadNews::Block(_) => self.give(std::iter::once(news)).await,
            ReadNews::Progress { .. } => {
                if super::now().0 - reported.0 >= PROGRESS_MILLIS {
                    reported = super::now();
                    self.post(&news);
                }
            }
            news => self.post(&news),
        };
        read_container(bytes, task, decoders(), &mut hand).await;
        Ok(())
    }

    /// Reads a file that has to be text.
    async fn read_text(
        &self,
        task: &ReadTask,
        source: &Source,
        start: (Vec<u8>, Chunks),
    ) -> Result<(), Problem> {
        let mut start = Some(start);
        let mut reader = task.reader(decoders());
        // Each round reads the file from its first byte; the reader bounds the rounds.
        loop {
            if self.read_round(task, source, &mut reader, start.take()).await? {
                match reader.finish() {
                    ReadEnd::Again(next) => reader = next,
                    ReadEnd::Done(mut read) => {
                        if let RowsRead::Orders(blocks) = &mut read.rows {
                            self.give(blocks.drain(..).map(ReadNews::Block)).await;
                        }
                        self.post(&ReadNews::Done(read));
                        return Ok(());
                    }
                }
            }
            self.post(&ReadNews::Again);
        }
    }

    /// Whether the reader has had enough of the file; else it has to have it again. `start`: its first bytes and the
    /// chunks that follow, where it is open already.
    async fn read_round(
        &self,
        task: &ReadTask,
        source: &Source,
        reader: &mut FileReader,
        start: Option<(Vec<u8>, Chunks)>,
    ) -> Result<bool, Problem> {
        let (head, mut chunks) = match start {
            Some(start) => start,
            None => (Vec::new(), source.open().await?),
        };
        let (mut bytes, mut reported) = (head.len() as u64, super::now());
        match reader.push(&head) {
            Step::More => {}
            Step::Again => return Ok(false),
            Step::Stop => return Ok(true),
        }
        while let Some(chunk) = chunks.next().await? {
            bytes += chunk.len() as u64;
            let step = reader.push(chunk);
            match step {
                Step::More => {}
                Step::Again => return Ok(false),
                Step::Stop => return Ok(true),
            }
            self.give(reader.take_blocks().into_iter().map(ReadNews::Block))
                .await;
            if super::now().0 - reported.0 >= PROGRESS_MILLIS {
                reported = super::now();
                let rows = reader.rows();
                self.post(&ReadNews::Progress { bytes, rows });
            }
        }
        whole(bytes, task, source)?;
        Ok(true)
    }
}

/// The first bytes of a source, enough to tell containers, and the chunks that follow.
async fn start(source: &Source) -> Result<(Vec<u8>, Chunks), Problem> {
    let mut chunks = source.open().await?;
    let mut head = Vec::new();
    while head.len() < CONTAINER_HEAD {
        match chunks.next().await? {
            Some(chunk) => head.extend_from_slice(chunk),
            None => break,
        }
    }
    Ok((head, chunks))
}

/// Some browsers end a file that was cut or removed meanwhile as if it were whole.
fn whole(bytes: u64, task: &ReadTask, source: &Source) -> Result<(), Problem> {
    if bytes < task.size && matches!(source, Source::Blob(_)) {
        Err(Problem::Unreadable(format!("{bytes} / {} bytes", task.size)))
    } else {
        Ok(())
    }
}
