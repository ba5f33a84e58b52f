// Finds the hidden number of a challenge: SHA-256(salt + number) must be the challenge.
// Plain JavaScript, because crypto.subtle does not exist on a plain-http address as in a classroom.
// In: {salt, challenge, max}, all ASCII. Out: {number} or {number: null}.
"use strict";

const K = new Int32Array(64);
const START = new Int32Array(8);
{
  const fraction = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found++] = fraction(Math.cbrt(n));
  }
}

const W = new Int32Array(64);
const H = new Int32Array(8);

function compress(view, offset) {
  for (let i = 0; i < 16; i++) W[i] = view.getInt32(offset + i * 4);
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15];
    const y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
  for (let i = 0; i < 64; i++) {
    const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + S1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  H[0] = (H[0] + a) | 0; H[1] = (H[1] + b) | 0; H[2] = (H[2] + c) | 0; H[3] = (H[3] + d) | 0;
  H[4] = (H[4] + e) | 0; H[5] = (H[5] + f) | 0; H[6] = (H[6] + g) | 0; H[7] = (H[7] + h) | 0;
}

// Leaves the digest of the first `length` bytes of `bytes` in H. The buffer is long enough for the padding.
function sha256(bytes, view, length) {
  const end = ((length + 8) >> 6) * 64 + 64;
  bytes.fill(0, length, end);
  bytes[length] = 0x80;
  view.setUint32(end - 4, length * 8);
  H.set(START);
  for (let offset = 0; offset < end; offset += 64) compress(view, offset);
}

function solve({ salt, challenge, max }) {
  const wanted = Int32Array.from(challenge.match(/.{8}/g), (word) => parseInt(word, 16) | 0);
  const bytes = new Uint8Array(salt.length + 256);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < salt.length; i++) bytes[i] = salt.charCodeAt(i);
  for (let number = 0; number <= max; number++) {
    const digits = String(number);
    for (let i = 0; i < digits.length; i++) bytes[salt.length + i] = digits.charCodeAt(i);
    sha256(bytes, view, salt.length + digits.length);
    if (H[0] === wanted[0] && H.every((word, i) => word === wanted[i])) return number;
  }
  return null;
}

onmessage = (event) => postMessage({ number: solve(event.data) });
