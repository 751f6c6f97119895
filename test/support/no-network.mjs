// Preloaded into a process that must not reach the network: the first try ends it, with a status of its own.
import dns from 'node:dns';
import net from 'node:net';

function refused() {
  process.stderr.write('the network was reached for\n');
  process.exit(97);
}

net.Socket.prototype.connect = refused;
for (const name of ['lookup', 'resolve']) {
  dns[name] = refused;
  dns.promises[name] = refused;
}
globalThis.fetch = refused;
