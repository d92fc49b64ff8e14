// The live page: asks for the status once a second and for a picture a few times a second, while somebody looks.
const STATUS_MS = 1000, PICTURE_MS = 300, PICTURE_RETRY_MS = 2000, PATIENCE_MS = 8000, WINDOW_S = 60;
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
  (drawings[status.task] ?? showText)(status);
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

function showText({ text }) {
  const line = element("li");
  line.append(element("span", "label", text ?? ""));
  $("top").replaceChildren(line);
}

function showTop({ top }) {
  $("top").replaceChildren(...top.slice(0, 5).map(one => {
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

function showRules(rules) {
  rowsOf("rules", rules, rule => [element("td", "", rule.name), element("td", rule.is_on ? "on" : "", rule.is_on ? "on" : "off"), element("td", "number", whole(rule.turned_on))], "No rules");
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
    const line = element("li"), time = element("time", "", new Date(event.time).toLocaleString());
    time.dateTime = event.time;
    line.append(time, element("span", event.level, event.sentence));
    return line;
  }));
}

async function showPicture() {
  const image = $("picture");
  try {
    const answer = await ask("/picture.jpg");
    if (!answer.ok) {
      if ($("state").dataset.state === "running") $("no-picture").textContent = (await answer.text()).trim();
      if (image.hidden) $("no-picture").hidden = false;
      return PICTURE_RETRY_MS;
    }
    const url = URL.createObjectURL(await answer.blob()), old = image.src;
    image.src = url;
    try { await image.decode(); } finally { if (old) URL.revokeObjectURL(old); }
    image.hidden = false;
    $("figure").classList.remove("empty");
    $("no-picture").hidden = $("state").dataset.state === "running";
    return PICTURE_MS;
  } catch {
    return PICTURE_RETRY_MS; // without a connection the status says so; a damaged picture is followed by the next
  }
}

repeat(showStatus);
repeat(showPicture);
