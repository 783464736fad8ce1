//! A scripted model: what the client's agents "think", turn by turn.
//!
//! A small HTTP server on loopback that answers `POST /v1/messages` with
//! server-sent events. Which agent asks is told from a marker in its system
//! prompt; which turn it is on, from the number of its earlier answers in the
//! request. So the script has no state, and what the client did stays visible:
//! every request is kept.
#![allow(dead_code, reason = "tools for every scenario, not all of them in use")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// What an agent does when it is asked.
#[derive(Clone, Debug)]
pub(crate) enum Turn {
    /// Ends the turn with this text.
    Say(String),
    /// Calls a tool; in its input `<cwd>` is the agent's working directory, and
    /// `<server>` the address of this server, which answers any other request
    /// with an empty object.
    Use(&'static str, Value),
}

/// One agent's turns; after the last one, the last one again.
pub(crate) struct Role {
    /// Words that only this agent's system prompt or prompt holds.
    pub(crate) marker: &'static str,
    pub(crate) turns: Vec<Turn>,
}

/// One request of an agent, as the model saw it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The role's marker.
    pub(crate) role: String,
    /// The agent's earlier answers in this conversation.
    pub(crate) turn: usize,
    pub(crate) body: Value,
}

/// The server; it ends with the test process.
pub(crate) struct Model {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Model {
    /// Serves the roles on a free port of loopback; the first whose marker occurs answers.
    /// A role with the marker `""` is the main session.
    pub(crate) fn start(roles: Vec<Role>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (roles, log) = (Arc::new(roles), Arc::clone(&requests));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (roles, log) = (Arc::clone(&roles), Arc::clone(&log));
                std::thread::spawn(move || serve(stream, &roles, &log, port));
            }
        });
        Self { port, requests }
    }

    /// Every request of a role so far, in order.
    pub(crate) fn requests(&self, role: &str) -> Vec<Request> {
        let all = self.requests.lock().unwrap();
        all.iter().filter(|request| request.role == role).cloned().collect()
    }

    /// What the role's agent was told after its turn `turn` (from 0): tool
    /// results, refusals, feedback of hooks.
    pub(crate) fn told_after(&self, role: &str, turn: usize) -> String {
        let requests = self.requests(role);
        let Some(request) = requests.iter().find(|request| request.turn == turn + 1) else {
            return format!("(the agent never got past turn {turn})");
        };
        let messages = request.body["messages"].as_array().cloned().unwrap_or_default();
        let last_answer = messages.iter().rposition(|message| message["role"] == "assistant");
        let news = messages.into_iter().skip(last_answer.map_or(0, |index| index + 1));
        news.map(|message| text_of(&message["content"])).collect::<Vec<_>>().join("\n")
    }

    /// All that the role's agent saw before its first answer, system prompt included.
    pub(crate) fn told_at_start(&self, role: &str) -> String {
        let requests = self.requests(role);
        let first = requests.iter().find(|request| request.turn == 0);
        first.map_or_else(String::new, |request| {
            text_of(&request.body["system"]) + &text_of(&request.body["messages"])
        })
    }
}

fn serve(stream: TcpStream, roles: &[Role], log: &Mutex<Vec<Request>>, port: u16) {
    let Ok(reading) = stream.try_clone() else { return };
    let mut writing = stream;
    let mut reading = BufReader::new(reading);
    while let Some((line, body)) = read_request(&mut reading) {
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let (kind, answer) = if line.starts_with("POST /v1/messages/count_tokens") {
            ("application/json", json!({"input_tokens": 10}).to_string())
        } else if line.starts_with("POST /v1/messages") {
            let turn = placed(answer(roles, log, &body), &body, port);
            if body["stream"] == true {
                ("text/event-stream", events(&turn))
            } else {
                ("application/json", whole(&turn).to_string())
            }
        } else {
            ("application/json", "{}".to_owned())
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        );
        if writing.write_all((head + &answer).as_bytes()).is_err() {
            return;
        }
    }
}

/// The request line and the body of the next request on this connection.
fn read_request(reading: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let (mut line, mut length, mut chunked) = (String::new(), 0, false);
    reading.read_line(&mut line).ok().filter(|count| *count > 0)?;
    loop {
        let mut header = String::new();
        reading.read_line(&mut header).ok()?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        chunked |= header.starts_with("transfer-encoding:") && header.contains("chunked");
    }
    let mut body = Vec::new();
    while chunked {
        let mut size = String::new();
        reading.read_line(&mut size).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        let mut chunk = vec![0; size + 2];
        reading.read_exact(&mut chunk).ok()?;
        body.extend_from_slice(&chunk[..size]);
        chunked = size > 0;
    }
    let declared = body.len();
    body.resize(declared + length, 0);
    reading.read_exact(&mut body[declared..]).ok()?;
    Some((line, body))
}

fn answer(roles: &[Role], log: &Mutex<Vec<Request>>, body: &Value) -> Turn {
    let has_tools = body["tools"].as_array().is_some_and(|tools| !tools.is_empty());
    // A side question of the client: a title, a topic. Any text will do.
    if !has_tools {
        return Turn::Say("ok".to_owned());
    }
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let turn = messages.iter().filter(|message| message["role"] == "assistant").count();
    let first = messages.first().map(|message| text_of(&message["content"])).unwrap_or_default();
    let known_by = text_of(&body["system"]) + &first;
    let Some(role) = roles.iter().find(|role| known_by.contains(role.marker)) else {
        return Turn::Say("no role".to_owned());
    };
    let request = Request { role: role.marker.to_owned(), turn, body: body.clone() };
    log.lock().unwrap().push(request);
    let turn = role.turns.get(turn).or(role.turns.last()).cloned();
    turn.unwrap_or(Turn::Say("done".to_owned()))
}

/// The turn with its placeholders filled in.
fn placed(turn: Turn, body: &Value, port: u16) -> Turn {
    let Turn::Use(tool, input) = turn else { return turn };
    let everything = text_of(&body["system"]) + &text_of(&body["messages"]);
    let cwd = everything.split("Primary working directory: ").nth(1);
    let cwd = cwd.and_then(|text| text.lines().next()).unwrap_or_default();
    let input = input.to_string().replace("<cwd>", cwd.trim());
    let input = input.replace("<server>", &format!("http://127.0.0.1:{port}"));
    Turn::Use(tool, serde_json::from_str(&input).unwrap())
}

/// The text of a message's content, however it is wrapped.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(text_of).collect::<Vec<_>>().join("\n"),
        Value::Object(part) => match part.get("text").or_else(|| part.get("content")) {
            Some(inner) => text_of(inner),
            None => String::new(),
        },
        _ => String::new(),
    }
}

fn block_of(turn: &Turn) -> (Value, &'static str) {
    match turn {
        Turn::Say(text) => (json!({"type": "text", "text": text}), "end_turn"),
        Turn::Use(name, input) => {
            let id = format!("toolu_{:020}", unique());
            (json!({"type": "tool_use", "id": id, "name": name, "input": input}), "tool_use")
        }
    }
}

/// The client takes answers with the same id for parts of one.
fn unique() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn whole(turn: &Turn) -> Value {
    let (block, reason) = block_of(turn);
    json!({
        "id": format!("msg_{:020}", unique()), "type": "message", "role": "assistant", "model": "scripted",
        "content": [block], "stop_reason": reason, "stop_sequence": null,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    })
}

fn events(turn: &Turn) -> String {
    let message = whole(turn);
    let block = message["content"][0].clone();
    let (mut start, mut empty) = (message.clone(), block.clone());
    start["content"] = json!([]);
    start["stop_reason"] = Value::Null;
    let delta = if block["type"] == "text" {
        empty["text"] = json!("");
        json!({"type": "text_delta", "text": block["text"]})
    } else {
        empty["input"] = json!({});
        json!({"type": "input_json_delta", "partial_json": block["input"].to_string()})
    };
    let end = json!({"stop_reason": message["stop_reason"], "stop_sequence": null});
    let events = [
        json!({"type": "message_start", "message": start}),
        json!({"type": "content_block_start", "index": 0, "content_block": empty}),
        json!({"type": "content_block_delta", "index": 0, "delta": delta}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta", "delta": end, "usage": {"output_tokens": 1}}),
        json!({"type": "message_stop"}),
    ];
    let lines =
        events.map(|event| format!("event: {}\ndata: {event}", event["type"].as_str().unwrap()));
    lines.join("\n\n") + "\n\n"
}
