/**
 * Signs in to a server with openid-client, a client that knows nothing of it, and checks what comes back.
 *
 *     node check-sign-in.mjs --base-url http://127.0.0.1:4500
 *
 * Ends 0 when everything holds; otherwise says what did not, and ends 1.
 */

import assert from "node:assert/strict";
import { parseArgs } from "node:util";

import * as oidc from "openid-client";

const CLIENT = "packshot-local.apps.googleusercontent.example";
const SECRET = "local-secret-of-the-fake-google";
const REDIRECT = "http://localhost:4400/callback";
const READONLY = "https://www.googleapis.com/auth/drive.readonly";
const EMAIL = "openid-client@example.net";

const { values } = parseArgs({ options: { "base-url": { type: "string" } } });
const base = values["base-url"];
if (!base) throw new Error("--base-url is needed");

async function control(method, path, body) {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(base + path, { method, headers, body: JSON.stringify(body ?? {}) });
  assert.equal(reply.status, 200, `${path}: ${reply.status}`);
}

/** Knows the server by its discovery document alone, and verifies signatures. */
async function discover(authentication) {
  const options = { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] };
  return oidc.discovery(new URL(base), CLIENT, undefined, authentication(SECRET), options);
}

/** Fields of the consent page, as a browser would send them. */
function fieldsOf(page) {
  const attribute = (input, name) => input.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
  const inputs = (page.match(/<input[^>]*>/g) ?? []).filter((input) => !/\bdisabled\b/.test(input));
  const kept = inputs.filter((input) => /type="hidden"/.test(input) || /type="checkbox".*\bchecked\b/.test(input));
  return kept.map((input) => [attribute(input, "name"), attribute(input, "value")]);
}

/** Sends a person to the page; gives where the browser ends up, and what the app has to remember. */
async function consent(config, decision = "allow") {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT,
    scope: `openid email profile ${READONLY}`,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
    access_type: "offline",
    prompt: "consent",
  });
  const page = await fetch(url);
  assert.equal(page.status, 200);
  const html = await page.text();
  const body = new URLSearchParams([...fieldsOf(html), ["account", EMAIL], ["decision", decision]]);
  const action = new URL(html.match(/<form[^>]*action="([^"]*)"/)[1], url);
  const answer = await fetch(action, { method: "POST", body, redirect: "manual" });
  assert.equal(answer.status, 302);
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  return { target: new URL(answer.headers.get("location")), checks };
}

async function exchange(config) {
  const { target, checks } = await consent(config);
  return oidc.authorizationCodeGrant(config, target, checks);
}

async function signsIn(config) {
  const tokens = await exchange(config);
  const claims = tokens.claims();
  assert.equal(claims.email, EMAIL);
  assert.equal(claims.iss, base);
  assert.ok(tokens.scope.split(" ").includes(READONLY), tokens.scope);
  // As the answer has it: `expiresIn()` counts down from there.
  assert.equal(tokens.expires_in, 3599);
  const profile = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.equal(profile.email, EMAIL);
}

async function refreshesAndRevokes(config) {
  const tokens = await exchange(config);
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(renewed.access_token, tokens.access_token);
  assert.equal(renewed.refresh_token, undefined);
  await oidc.tokenRevocation(config, tokens.refresh_token);
  await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), { error: "invalid_grant" });
}

async function codesAreGoodOnce(config) {
  const { target, checks } = await consent(config);
  await oidc.authorizationCodeGrant(config, target, checks);
  await assert.rejects(oidc.authorizationCodeGrant(config, target, checks), { error: "invalid_grant" });
  const other = await consent(config);
  const wrong = { ...other.checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() };
  await assert.rejects(oidc.authorizationCodeGrant(config, other.target, wrong), { error: "invalid_grant" });
}

async function denialIsAnError(config) {
  const { target, checks } = await consent(config, "deny");
  await assert.rejects(oidc.authorizationCodeGrant(config, target, checks), { error: "access_denied" });
}

const FORGERIES = [
  { algorithm: "none" },
  { algorithm: "HS256" },
  { algorithm: "HS256-public-key" },
  { signature: "broken" },
  { key: "wrong" },
  { key: "unknown" },
  { claims: { nonce: "other" } },
  { claims: { nonce: null } },
  { claims: { aud: "other" } },
  { claims: { iss: "https://elsewhere.example" } },
  { claims: { exp: 1000 } },
  { claims: { sub: null } },
];

async function forgeriesAreNoticed(config) {
  for (const forgery of FORGERIES) {
    await control("PUT", "/__id_tokens", { email: EMAIL, ...forgery });
    await assert.rejects(exchange(config), `not noticed: ${JSON.stringify(forgery)}`);
  }
  await exchange(config);
}

async function rotatedKeysArePublished(_config, authentication) {
  await control("POST", "/__keys/rotate");
  await exchange(await discover(authentication));
}

await control("PUT", "/__accounts", { email: EMAIL });
let failures = 0;
for (const authentication of [oidc.ClientSecretPost, oidc.ClientSecretBasic]) {
  const config = await discover(authentication);
  for (const step of [
    signsIn,
    refreshesAndRevokes,
    codesAreGoodOnce,
    denialIsAnError,
    forgeriesAreNoticed,
    rotatedKeysArePublished,
  ]) {
    try {
      await step(config, authentication);
      console.log(`ok    ${authentication.name.padEnd(18)} ${step.name}`);
    } catch (error) {
      failures += 1;
      console.error(`FAIL  ${authentication.name.padEnd(18)} ${step.name}: ${error} ${error.cause ?? ""}`);
    }
  }
}
console.log(`openid-client: ${failures} failed`);
process.exitCode = failures ? 1 : 0;
