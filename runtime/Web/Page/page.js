// The live page: asks for the status once a second and for a picture a few times a second, while somebody looks.
const STATUS_MS = 1000, PICTURE_MS = 300, PICTURE_RETRY_MS = 2000, PATIENCE_MS = 8000, HISTORY_MS = 5000, MOST_HISTORY = 200, WINDOW_S = 60;
const SVG = "http://www.w3.org/2000/svg";
const $ = id => document.getElementById(id);
const whole = n => n.toLocaleString("en-US");

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Something asked for again and again, never twice at once, and not while the page is hidden.
function repeat(ask) {
  let timer = 0, busy = false;
  const turn = async () => {
    if (busy || document.hidden) return;
    busy = true;
    let pause;
    try { pause = await ask(); } finally { busy = false; }
    clearTimeout(timer);
    timer = setTimeout(turn, pause);
  };
  document.addEventListener("visibilitychange", turn);
  turn();
}

async function ask(path) {
  const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (answer.status === 401) location.reload(); // the token was changed: sign in again
  return answer;
}

let lastContact = null;

async function showStatus() {
  let status;
  try {
    const answer = await ask("/status.json");
    if (!answer.ok) throw new Error(`the device answered with ${answer.status}`);
    status = await answer.json();
  } catch {
    const since = lastContact ? ` since ${lastContact.toLocaleTimeString()}` : "";
    showState("no connection", `No connection to the device${since}; the data below is out of date. Trying again.`);
    $("main").classList.add("stale");
    return STATUS_MS;
  }

  lastContact = new Date();
  $("main").classList.remove("stale");
  showState(status.state, status.trouble ?? (status.state === "blind" ? "No frames are arriving from the camera." : null));
  showModel(status);
  if (status.cameras) showCameras(status);
  else showAnswer(status.task, status, $("top"), 5);
  showChecks(status);
  showHistogram("end-to-end", status.end_to_end, status.uptime_s);
  showHistogram("infer", status.infer, status.uptime_s);
  showFrames(status);
  showMachine(status);
  showRules(status.rules);
  showOutputs(status.outputs);
  showEvents(status.events);
  return STATUS_MS;
}

function showState(state, trouble) {
  const pill = $("state");
  pill.textContent = state;
  pill.dataset.state = state;
  document.title = `${state === "running" ? "" : `${state} - `}ResNetEdge`;
  const sentence = state === "blind" ? `Blind: ${trouble}` : trouble;
  if ($("alert").textContent !== (sentence ?? "")) $("alert").textContent = sentence ?? ""; // the same text again would be read out again
  $("alert").hidden = !sentence;
  const isBlind = state !== "running";
  $("figure").classList.toggle("blind", isBlind);
  if (isBlind) $("no-picture").textContent = state === "blind" ? "Blind: no frames from the camera" : state === "no connection" ? "No connection" : `${state} ...`;
  $("no-picture").hidden = !isBlind && !$("picture").hidden;
}

function showModel({ model, camera, uptime_s: uptime, version }) {
  const parts = [model.name, model.version && `version ${model.version}`, model.precision, `engine ${model.engine}`, model.is_signed ? "signed" : "not signed", `up ${duration(uptime)}`];
  $("model").textContent = parts.filter(Boolean).join(" · ");
  $("version").textContent = `ResNetEdge ${version}`;
  $("camera").textContent = camera
    ? [camera.name, camera.format, camera.width > 0 && `${camera.width}×${camera.height}`, camera.frames_per_second > 0 && `${camera.frames_per_second} frames/s`].filter(Boolean).join(" · ")
    : "No camera";
}

function duration(seconds) {
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, length]) => seconds >= length);
  if (first < 0) return "0 s";
  const [unit, length] = units[first], next = units[first + 1];
  const rest = next ? Math.floor((seconds % length) / next[1]) : 0;
  return `${Math.floor(seconds / length)} ${unit}${rest ? ` ${rest} ${next[0]}` : ""}`;
}

// How each task's answer is drawn; one that is not here is shown as its line of text.
const drawings = { classification: showTop };

function showAnswer(task, answer, list, most) {
  (drawings[task] ?? showText)(answer, list, most);
}

function showText({ text }, list) {
  const line = element("li");
  line.append(element("span", "label", text ?? ""));
  list.replaceChildren(line);
}

function showTop({ top }, list, most) {
  list.replaceChildren(...top.slice(0, most).map(one => {
    const line = element("li"), bar = element("span", "bar");
    const percent = `${(100 * one.probability).toFixed(1)} %`;
    bar.style.width = `${100 * one.probability}%`;
    line.append(bar, element("span", "label", one.label ?? `class ${one.index}`), element("span", "", percent));
    return line;
  }));
}

// What was counted in the last minute: the counts now less those of a minute ago, or since the service started when it is younger.
const pasts = {};

function lastMinute(name, counts, uptime) {
  const past = pasts[name] ??= [];
  if (past.length > 0 && past.at(-1).uptime > uptime) past.length = 0; // it was started again
  past.push({ uptime, counts });
  while (past.length > 1 && past[1].uptime <= uptime - WINDOW_S) past.shift();
  const from = past[0];
  return past.length === 1 ? counts : counts.map((count, i) => count - from.counts[i]);
}

function percentile(counts, upper, percent) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let rank = Math.max(1, Math.ceil(percent / 100 * all));
  for (let i = 0; i < upper.length; i++) if ((rank -= counts[i]) <= 0) return `${upper[i]} ms`;
  return `more than ${upper.at(-1)} ms`;
}

function showHistogram(id, { upper_ms: upper, counts: all }, uptime) {
  const counts = lastMinute(id, all, uptime), total = counts.reduce((sum, count) => sum + count, 0);
  const words = total === 0
    ? "no frames in the last minute"
    : `${whole(total)} frames: half within ${percentile(counts, upper, 50)}, 90 % within ${percentile(counts, upper, 90)}, 99 % within ${percentile(counts, upper, 99)}`;
  const svg = $(id);
  svg.setAttribute("aria-label", words);
  $(`${id}-words`).textContent = words;
  const used = counts.map((count, i) => count > 0 ? i : -1).filter(i => i >= 0);
  const from = Math.max(0, (used[0] ?? 4) - 2), to = Math.min(counts.length - 1, (used.at(-1) ?? 12) + 2);
  const most = Math.max(1, ...counts), slot = 400 / (to - from + 1), high = 118;
  const drawn = [draw("line", { x1: 0, x2: 400, y1: high + .5, y2: high + .5 })];
  for (let i = from; i <= to; i++) {
    const x = (i - from) * slot, height = counts[i] / most * (high - 14);
    if (counts[i] > 0) {
      drawn.push(draw("rect", { x: x + 1, y: high - Math.max(1.5, height), width: slot - 2, height: Math.max(1.5, height), rx: 2 }));
      drawn.push(draw("text", { x: x + slot / 2, y: high - height - 4 }, short(counts[i])));
    }
    drawn.push(draw("text", { x: x + slot / 2, y: high + 14 }, i < upper.length ? `${upper[i]}` : "more"));
  }
  drawn.push(draw("text", { x: 200, y: 147 }, "latency in milliseconds, up to"));
  svg.replaceChildren(...drawn);
}

function draw(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const short = n => n < 1000 ? `${n}` : n < 1e6 ? `${(n / 1e3).toFixed(n < 1e4 ? 1 : 0)}k` : `${(n / 1e6).toFixed(1)}M`;

function fill(id, rows) {
  $(id).replaceChildren(...rows.filter(Boolean).flatMap(([name, value, isBad]) => [element("dt", "", name), element("dd", isBad ? "bad" : "", value)]));
}

function showFrames({ frames, changes, model }) {
  fill("frames", [
    ["Run", whole(frames.run)],
    ["Per second", frames.per_second.toFixed(1)],
    ["Dropped for a newer one", whole(frames.dropped)],
    ["Damaged", whole(frames.damaged), frames.damaged > 0],
    ["Skipped by the scheduler", whole(frames.skipped)],
    ["Over the budget", whole(frames.budget_misses)],
    ["Camera failures", whole(frames.camera_failures), frames.camera_failures > 0],
    ["Rate", frames.divisor === 1 ? "every frame" : `1 frame of ${whole(frames.divisor)}`],
    ["Level of the ladder", model.levels > 0 ? `${model.level} of ${model.levels}` : "no ladder"],
    ["Steps down / up", `${whole(changes.steps_down)} / ${whole(changes.steps_up)}`],
  ]);
}

function showMachine({ machine, changes }) {
  fill("machine", [
    ["Temperature", machine.temperature_celsius == null ? "unknown" : `${machine.temperature_celsius.toFixed(1)} °C`],
    ["Throttled", machine.throttled ? "yes" : "no", machine.throttled],
    ["Clock", machine.cpu_mhz == null ? "unknown" : `${whole(Math.round(machine.cpu_mhz))} MHz`],
    ["Memory", `${machine.rss_mib.toFixed(1)} MiB`],
    ["Configurations accepted / refused", `${whole(changes.reloads)} / ${whole(changes.reloads_refused)}`, changes.reloads_refused > 0],
    ["Models accepted / refused", `${whole(changes.model_updates)} / ${whole(changes.model_updates_refused)}`, changes.model_updates_refused > 0],
  ]);
}

// Roles are explicit because rows are blocks on a phone and would no longer form a table; there each cell shows its column's head itself.
function rowsOf(id, items, columns, none) {
  const heads = [...$(id).closest("table").querySelectorAll("th")].map(head => head.textContent);
  const rows = items.map(item => {
    const row = element("tr"), cells = columns(item);
    row.setAttribute("role", "row");
    cells.forEach((cell, i) => {
      cell.setAttribute("role", "cell");
      if (i > 0) cell.dataset.head = heads[i];
    });
    row.append(...cells);
    return row;
  });
  if (rows.length === 0) {
    const cell = element("td", "quiet", none), row = element("tr");
    cell.colSpan = 5;
    row.append(cell);
    rows.push(row);
  }
  $(id).replaceChildren(...rows);
}

// With several cameras: a card for each, made once and filled again and again.
const cards = new Map();

function showCameras({ cameras, rules, task }) {
  for (const one of cameras) {
    const card = cards.get(one.name) ?? newCard(one.name), blind = one.state !== "running";
    card.state.textContent = card.state.dataset.state = one.state;
    card.view.classList.toggle("blind", blind);
    if (blind) card.caption.textContent = one.state === "blind" ? "No frames" : `${one.state} ...`;
    card.caption.hidden = !blind && !card.image.hidden;
    card.trouble.textContent = one.trouble ?? "";
    card.trouble.hidden = !one.trouble;
    showAnswer(task, one, card.top, 3);
    card.top.hidden = blind; // what it saw last is not what there is
    const own = rules.filter(rule => rule.camera === one.name);
    card.rules.replaceChildren(...own.map(rule => element("li", rule.is_on ? "on" : "", `${rule.name}: ${rule.is_on ? "on" : "off"}`)));
    const { width, height } = one.camera ?? {};
    card.facts.textContent = [width > 0 && `${width}×${height}`, `${one.frames.per_second.toFixed(1)} frames/s`, `half within ${one.end_to_end.p50_ms ?? "-"} ms`].filter(Boolean).join(" · ");
  }
}

function newCard(name) {
  if (cards.size === 0) {
    $("cameras").hidden = false;
    $("seen").classList.add("wide");
    for (const id of ["figure", "top", "camera"]) $(id).hidden = true;
  }
  const item = element("li", "card"), head = element("h3", "", name);
  const card = { name, item, state: element("span", "pill small"), view: element("button", "view"), image: element("img"), caption: element("span", "caption", "No picture yet"),
    trouble: element("p", "error"), top: element("ol", "bars few"), rules: element("ul", "states"), facts: element("p", "quiet") };
  card.view.type = "button";
  card.view.setAttribute("aria-pressed", "false");
  card.view.setAttribute("aria-label", `Picture of the camera ${name}: enlarge`);
  card.image.alt = `The last frame of the camera ${name}`;
  card.image.hidden = true;
  card.top.setAttribute("aria-label", `What the camera ${name} sees, most probable first`);
  card.rules.setAttribute("aria-label", `Rules of the camera ${name}`);
  card.view.append(card.image, card.caption);
  card.view.addEventListener("click", () => enlarge(card));
  head.append(card.state);
  item.append(head, card.view, card.trouble, card.top, card.rules, card.facts);
  $("cameras").append(item);
  cards.set(name, card);
  const running = () => card.state.dataset.state === "running";
  const place = { image: card.image, caption: card.caption, running, shown: () => {} };
  repeat(() => showPicture(`/picture.jpg?camera=${encodeURIComponent(name)}`, place, item.classList.contains("large") ? 1 : cards.size));
  return card;
}

// One at a time: the picture takes the whole width, and a second click takes it back.
function enlarge(card) {
  for (const other of cards.values()) {
    const isLarge = other === card && !other.item.classList.contains("large");
    other.item.classList.toggle("large", isLarge);
    other.view.setAttribute("aria-pressed", `${isLarge}`);
  }
}

// What needs somebody, a sentence each.
function showChecks({ state, trouble, cameras, outputs, rules, machine, changes }) {
  const bad = [], hints = [];
  const missing = (cameras ?? []).filter(one => one.trouble);
  for (const one of missing) bad.push(`The ${one.name} camera gives no frames: ${ended(one.trouble)}`);
  if (missing.length === 0 && trouble) bad.push(state === "blind" ? `The camera gives no frames: ${ended(trouble)}` : ended(trouble[0].toUpperCase() + trouble.slice(1)));
  for (const output of outputs) {
    if (output.last_error) bad.push(`The output ${output.name} (${output.type}) fails: ${ended(output.last_error)}`);
    else if (output.is_dropping) bad.push(`The output ${output.name} (${output.type}) cannot keep up; ${whole(output.dropped)} items were lost.`);
  }
  if (machine.throttled) bad.push("The machine slows itself down: check its power supply and cooling.");
  if (changes.reloads_refused > 0) hints.push("A changed configuration was refused; the log below has the reason.");
  if (rules.length === 0) hints.push("There are no rules: what is seen turns nothing on.");
  else if (outputs.length === 0) hints.push("There are no outputs: nobody is told of events.");
  const lines = [...bad.map(text => ["bad", text]), ...hints.map(text => ["hint", text])];
  if (bad.length === 0) lines.unshift(["good", state === "running" ? "Everything works." : `The service is ${state}.`]);
  const key = JSON.stringify(lines);
  if ($("checks").dataset.key === key) return; // the same text again would be read out again
  $("checks").dataset.key = key;
  $("checks").replaceChildren(...lines.map(([kind, text]) => element("li", kind, text)));
}

const ended = text => /[.!?]$/.test(text) ? text : `${text}.`;

// The time of today, else with its date; in the time zone and language of who looks.
function timeOf(moment) {
  const isToday = moment.toDateString() === new Date().toDateString();
  return isToday ? moment.toLocaleTimeString() : moment.toLocaleString();
}

function sentenceOf({ rule, camera, on, label, probability, reason }) {
  const where = camera ? `the ${camera} camera` : "the camera";
  if (on) return `${rule}: ${label || "seen"} at ${where}${probability == null ? "" : `, ${(100 * probability).toFixed(0)} %`}`;
  const because = { blind: `${where} gives no frames`, asleep: "the look is over", stopped: "the service stopped", reloaded: "the configuration changed" }[reason];
  return because ? `${rule}: off, because ${because}` : `${rule}: no longer seen at ${where}`;
}

let shownHistory = "";

async function showHistory() {
  let answer, text;
  try {
    answer = await ask("/history.json");
    text = await answer.text();
  } catch {
    return HISTORY_MS;
  }
  if (!answer.ok || text === shownHistory) return HISTORY_MS;
  const isFirst = shownHistory === "";
  shownHistory = text;
  const { hours, events } = JSON.parse(text);
  $("day").hidden = false;
  showHours(hours);
  const sentences = events.slice(-MOST_HISTORY).map(event => [event, sentenceOf(event)]);
  $("history").replaceChildren(...sentences.toReversed().map(([event, sentence]) => {
    const line = element("li"), moment = new Date(event.time), time = element("time", "", timeOf(moment));
    time.dateTime = event.time;
    line.append(time, element("span", event.on ? "on" : "", sentence));
    return line;
  }));
  if (!isFirst && sentences.length > 0) $("said").textContent = sentences.at(-1)[1];
  return HISTORY_MS;
}

function showHours(hours) {
  const svg = $("hours"), wide = Math.max(280, svg.clientWidth), slot = wide / hours.length, total = hours.reduce((sum, hour) => sum + hour.events, 0);
  const busiest = hours.reduce((best, hour) => hour.events > best.events ? hour : best, hours[0]);
  const clock = hour => new Date(hour.from).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const words = total === 0 ? "No rule turned on in the last day." : `Rules turned on ${whole(total)} ${total === 1 ? "time" : "times"} in the last day, most often in the hour from ${clock(busiest)} (${whole(busiest.events)}).`;
  svg.setAttribute("viewBox", `0 0 ${wide} 110`); // letters keep their size at any width
  svg.setAttribute("aria-label", words);
  $("hours-words").textContent = words;
  const drawn = [draw("line", { x1: 0, x2: wide, y1: 88.5, y2: 88.5 })];
  hours.forEach((hour, i) => {
    const height = hour.events / Math.max(1, busiest.events) * 72, middle = (i + .5) * slot;
    if (hour.events > 0) {
      drawn.push(draw("rect", { x: i * slot + 1, y: 88 - Math.max(2, height), width: slot - 2, height: Math.max(2, height), rx: 2 }));
      drawn.push(draw("text", { x: middle, y: 84 - height }, short(hour.events)));
    }
    if (i % 6 === 0) drawn.push(draw("text", { x: Math.max(24, middle), y: 104 }, clock(hour)));
  });
  svg.replaceChildren(...drawn);
}

function showRules(rules) {
  rowsOf("rules", rules, rule => [element("td", "", rule.camera ? `${rule.name} (${rule.camera})` : rule.name), element("td", rule.is_on ? "on" : "", rule.is_on ? "on" : "off"), element("td", "number", whole(rule.turned_on))], "No rules");
}

function showOutputs(outputs) {
  rowsOf("outputs", outputs, output => {
    const name = element("td", "", `${output.name} (${output.type})`);
    if (output.last_error) name.append(element("span", "error", output.last_error));
    return [name, element("td", "number", whole(output.delivered)), element("td", "number", whole(output.queued)),
      element("td", output.dropped > 0 ? "number bad" : "number", whole(output.dropped)), element("td", output.failures > 0 ? "number bad" : "number", whole(output.failures))];
  }, "No outputs");
}

let shownEvents = "";

function showEvents(events) {
  const key = events.length === 0 ? "" : `${events.length} ${events.at(-1).time} ${events.at(-1).text}`;
  if (key === shownEvents) return;
  shownEvents = key;
  $("events").replaceChildren(...events.toReversed().map(event => {
    const line = element("li"), time = element("time", "", timeOf(new Date(event.time)));
    time.dateTime = event.time;
    line.append(time, element("span", event.level, event.sentence));
    return line;
  }));
}

async function showPicture(path, { image, caption, running, shown }, pace) {
  try {
    const answer = await ask(path);
    if (!answer.ok) {
      if (running()) caption.textContent = (await answer.text()).trim();
      if (image.hidden) caption.hidden = false;
      return PICTURE_RETRY_MS;
    }
    const url = URL.createObjectURL(await answer.blob()), old = image.src;
    image.src = url;
    try { await image.decode(); } finally { if (old) URL.revokeObjectURL(old); }
    image.hidden = false;
    shown();
    caption.hidden = running();
    return PICTURE_MS * pace;
  } catch {
    return PICTURE_RETRY_MS; // without a connection the status says so; a damaged picture is followed by the next
  }
}

const onlyPicture = {
  image: $("picture"), caption: $("no-picture"), running: () => $("state").dataset.state === "running", shown: () => $("figure").classList.remove("empty"),
};

repeat(showStatus);
repeat(showHistory);
repeat(() => cards.size > 0 ? PICTURE_RETRY_MS : showPicture("/picture.jpg", onlyPicture, 1));
