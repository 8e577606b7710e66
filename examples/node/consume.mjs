// Writes the figures of all answers, one a line: node consume.mjs [--follow]
//
// Stop it at any time and start it again: what it had not acknowledged comes first. It ends where the server goes away.
import { createClient } from "redis";

const stream = "{pagefacts}:results";
const [group, consumer] = ["figures-node", "1"]; // programs that run beside each other need a consumer each
const follow = process.argv.includes("--follow");

const client = await createClient({ url: process.env.REDIS_URL, RESP: 2 }).connect();

try {
  await client.xGroupCreate(stream, group, "0", { MKSTREAM: true });
} catch (error) {
  if (!error.message.startsWith("BUSYGROUP")) throw error; // it is there
}

let place = "0"; // what was given to this consumer and not acknowledged, then ">", what is new
for (;;) {
  const entries = await read(place);
  for (const [id, fields] of entries) {
    if (fields) write(JSON.parse(fields[1])); // else it was trimmed before it was acknowledged
    await client.xAck(stream, group, id);
  }
  if (entries.length === 0 && place === ">" && !follow) break;
  if (entries.length === 0) place = ">";
}
client.destroy();

async function read(place) {
  const block = place === ">" && follow ? ["BLOCK", "5000"] : [];
  // Sent as it stands: the library's xReadGroup fails at an entry that was trimmed.
  const command = ["XREADGROUP", "GROUP", group, consumer, "COUNT", "100", ...block, "STREAMS", stream, place];
  const reply = await client.sendCommand(command);
  return reply?.[0][1] ?? [];
}

function write({ id, subject, data }) {
  for (const fact of data.casualties ?? []) {
    console.log([id, subject, fact.effect, fact.min, fact.max ?? "", fact.evidence.quote].join("\t"));
  }
}
