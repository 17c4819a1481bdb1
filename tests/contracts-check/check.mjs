// Validates the contracts with tools that know nothing of the code: node check.mjs SCHEMAS CASES
//   SCHEMAS  directory of the schemas, with asyncapi.json and openapi.json
//   CASES    NDJSON of {"schema": FILE, "message": ANYTHING, "valid": BOOLEAN}: messages and whether the schema must take them
// Prints what is wrong, one line each, and ends with 1; prints a sum and ends with 0 when nothing is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { Parser, fromFile } from '@asyncapi/parser';
import { createConfig, lint } from '@redocly/openapi-core';

const [schemas, cases] = process.argv.slice(2);
const problems = [];
const read = file => JSON.parse(readFileSync(file, 'utf8'));

const ajv = addFormats(new Ajv({ strict: true, strictTypes: false, allErrors: true }));
const validators = new Map();
const validator = name => {
  if (!validators.has(name)) validators.set(name, ajv.compile(read(join(schemas, name))));
  return validators.get(name);
};

const lines = readFileSync(cases, 'utf8').split('\n').filter(line => line);
for (const line of lines) {
  const { schema, message, valid } = JSON.parse(line);
  const validate = validator(schema);
  if (validate(message) === valid) continue;
  problems.push(`${schema}: ${valid ? ajv.errorsText(validate.errors) : 'takes what it must refuse'}: ${JSON.stringify(message)}`);
}

const { document, diagnostics } = await fromFile(new Parser(), join(schemas, 'asyncapi.json')).parse();
if (!document) problems.push('asyncapi.json: not parsed');
// 0 = error, 1 = warning
for (const d of diagnostics.filter(d => d.severity <= 1)) problems.push(`asyncapi.json: ${d.path.join('.')}: ${d.message}`);

const found = await lint({ ref: join(schemas, 'openapi.json'), config: await createConfig({ extends: ['minimal'] }) });
for (const p of found.filter(p => p.severity === 'error')) problems.push(`openapi.json: ${p.location[0]?.pointer}: ${p.message}`);

for (const problem of problems) console.log(problem);
if (problems.length === 0) console.log(`${lines.length} messages, ${validators.size} schemas, ${document.allMessages().length} AsyncAPI messages`);
process.exit(problems.length === 0 ? 0 : 1);
