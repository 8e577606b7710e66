import { createClient } from "redis";

const name = process.argv[2] ?? "flood";
const client = await createClient({ url: process.env.REDIS_URL }).connect();
for (let n = 1; n <= 100; n += 1) {
  const url = `https://news.example/floods/${n}`;
  const html = `<html><head><title>Flood in district ${n}</title></head><body><article>
    <p>At least ${n} people were killed and dozens are missing after a flood near Kathmandu, Nepal, officials said.</p>
    <p>Rivers burst their banks on Monday, and rescuers reached the last villages only in the evening.</p>
    </article></body></html>`;
  await client.xAdd("{pagefacts}:jobs", "*", { job: JSON.stringify({ id: `${name}-${n}`, url, html }) });
}
client.destroy();
