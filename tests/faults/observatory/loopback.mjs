// Loaded before the scanner: what it asks of our host goes to the started site on this machine, and nothing goes elsewhere.
import net from "node:net";

const HOST = process.env.SCANNED_HOST;
const PORTS = { 80: Number(process.env.HTTP_PORT), 443: Number(process.env.HTTPS_PORT) };
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...given) {
  // Node hands on [options, callback] as one argument.
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (options.host !== HOST || !(options.port in PORTS)) {
    throw new Error(`The scanner wanted to ask ${options.host}:${options.port}.`);
  }
  options.port = PORTS[options.port];
  options.host = "127.0.0.1";
  return connect.apply(this, given);
};
