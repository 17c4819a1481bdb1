// A worker as a Node team would write it well: kafkajs in batches, ioredis in pipelines, one read and one write of Redis for a whole batch, partitions side by side.
// It scores the pyramid and churn tiers as the product does (MBG/NBD, k = 1) and publishes the transitions of a batch with one send.
// usage: node worker.mjs BOOTSTRAP REDIS TOPIC      prints the number of finished events ten times a second; ends when standard input closes
import { Kafka, logLevel } from 'kafkajs';
import Redis from 'ioredis';

const [bootstrap, redisAddress, topic] = process.argv.slice(2);
const [redisHost, redisPort] = redisAddress.split(':');

const DAY = 86_400_000;
const model = { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614, unit: 7 * DAY, churnHorizon: 26 };
const profitHalfLife = 365 * DAY;
const topShares = [['platinum', 0.01], ['gold', 0.05], ['iron', 0.2], ['lead', 1]];
const churnBounds = [['low', 0.4], ['medium', 0.75], ['high', 1]];

const aliveProbability = (x, recency, age) =>
  1 / (1 + (model.a / (model.b + x)) * ((model.alpha + age) / (model.alpha + recency)) ** (model.r + x));

function churnRisk(customer, now) {
  const recency = (customer.last - customer.first) / model.unit;
  const age = (now - customer.first) / model.unit;
  const buys = 1 - ((model.alpha + age) / (model.alpha + age + model.churnHorizon)) ** (model.r + customer.days - 1);
  return 1 - aliveProbability(customer.days - 1, recency, age) * buys;
}

// Customers by value in buckets of 2 %, so that the top shares are known without sorting anybody.
class Population {
  counts = new Map();
  total = 0;
  bounds = topShares.map(([name]) => [name, -Infinity]);

  bucketOf(value) {
    return value <= 0.01 ? 0 : Math.ceil(Math.log(value / 0.01) / Math.log(1.02));
  }

  move(from, to) {
    if (from === to) return;
    if (from === undefined) this.total++;
    else this.counts.set(from, this.counts.get(from) - 1);
    this.counts.set(to, (this.counts.get(to) ?? 0) + 1);
  }

  recalibrate() {
    let above = 0, tier = 0;
    for (const bucket of [...this.counts.keys()].sort((a, b) => b - a)) {
      above += this.counts.get(bucket);
      while (tier < 3 && above >= this.total * topShares[tier][1]) this.bounds[tier++][1] = 0.01 * 1.02 ** (bucket - 1);
    }
  }

  tierOf(value) {
    return this.bounds.find(([, bound]) => value >= bound)[0];
  }
}

const population = new Population();
setInterval(() => population.recalibrate(), 1_000).unref();

function apply(customer, event) {
  const time = Date.parse(event.time);
  const day = Math.floor(time / DAY);
  customer.value *= 2 ** (-Math.max(0, time - customer.asOf) / profitHalfLife);
  customer.value += event.type === 'purchase' ? event.amount - event.cost : -event.amount;
  customer.asOf = Math.max(customer.asOf, time);
  if (event.type === 'purchase' && day !== customer.lastDay) {
    customer.days++;
    customer.first ||= time;
    customer.last = time;
    customer.lastDay = day;
  }
  const bucket = population.bucketOf(customer.value);
  population.move(customer.bucket, bucket);
  customer.bucket = bucket;
}

function assess(customer, transitions) {
  const risk = churnRisk(customer, customer.asOf);
  for (const [scheme, tier] of [
    ['pyramid', population.tierOf(customer.value)],
    ['churn', churnBounds.find(([, bound]) => risk <= bound)[0]],
  ]) {
    const from = customer.tiers[scheme];
    if (from === tier) continue;
    customer.tiers[scheme] = tier;
    if (from)
      transitions.push({ key: customer.id, value: JSON.stringify({ customerId: customer.id, scheme, from, to: tier, time: customer.asOf, value: customer.value, risk }) });
  }
}

const newCustomer = (id) => ({ id, value: 0, asOf: 0, days: 0, first: 0, last: 0, lastDay: -1, bucket: undefined, tiers: {} });

const redis = new Redis({ host: redisHost, port: Number(redisPort), enableAutoPipelining: true });
const kafka = new Kafka({ clientId: 'node-peer', brokers: bootstrap.split(','), logLevel: logLevel.WARN });
const consumer = kafka.consumer({ groupId: 'node-peer', maxWaitTimeInMs: 10, sessionTimeout: 10_000, maxBytesPerPartition: 1_048_576 });
const producer = kafka.producer();
let done = 0;

async function processBatch({ batch }) {
  const key = `node:{${batch.partition}}:state`;
  const events = batch.messages.map((message) => JSON.parse(message.value));
  const ids = [...new Set(events.map((event) => event.customerId))];
  const held = await redis.hmget(key, ...ids);
  const customers = new Map(ids.map((id, i) => [id, held[i] ? JSON.parse(held[i]) : newCustomer(id)]));
  const transitions = [];
  for (const event of events) {
    const customer = customers.get(event.customerId);
    apply(customer, event);
    assess(customer, transitions);
  }
  const fields = [];
  for (const customer of customers.values()) fields.push(customer.id, JSON.stringify(customer));
  await redis.multi().hset(key, ...fields).set(`node:{${batch.partition}}:offset`, batch.lastOffset()).exec();
  if (transitions.length > 0) await producer.send({ topic: 'tiers.peer', messages: transitions });
  done += events.length;
}

await producer.connect();
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({ partitionsConsumedConcurrently: 8, eachBatchAutoResolve: true, eachBatch: processBatch });
setInterval(() => console.log(done), 100);
process.stdin.resume().on('end', () => process.exit(0));
