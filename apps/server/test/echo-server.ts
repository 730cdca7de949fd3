/** A program for Node, given the port to listen on: tells what it was asked, answers a few paths in its own way, and echoes what a socket says. */
export const echoServer = String.raw`
const { createServer } = require("node:http");
const { createHash } = require("node:crypto");
const tell = (request) => JSON.stringify({ method: request.method, url: request.url, headers: request.headers });
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    if (request.url === "/redirect") return response.writeHead(302, { location: "http://localhost:" + process.argv[2] + "/there?a=1" }).end();
    if (request.url === "/drop") return request.socket.destroy();
    response.setHeader("set-cookie", ["mine=1; Domain=localhost; Path=/", "openhands_stolen=1"]);
    response.setHeader("strict-transport-security", "max-age=1");
    response.end(JSON.stringify({ asked: tell(request), body }));
  });
});
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSet-Cookie: openhands_x=1\r\nSec-WebSocket-Accept: " + accept + "\r\n\r\n");
  const told = Buffer.from(tell(request));
  socket.write(Buffer.concat([Buffer.from([0x81, 126, told.length >> 8, told.length & 255]), told]));
});
server.listen(Number(process.argv[2]));
`;
