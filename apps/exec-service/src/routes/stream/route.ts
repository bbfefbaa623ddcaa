import type { WebSocket } from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import type { Services } from "../../services.ts";
import { keepAlive } from "../sockets.ts";
import { StreamSession } from "./session.ts";

/** GET /stream: one request whose descriptors are streams of the connection. */
export async function streamRoute(app: FastifyInstance, services: Services): Promise<void> {
  app.get("/stream", { websocket: true }, (socket: WebSocket, request) => {
    const session = new StreamSession(socket, services, request.log);
    keepAlive(socket, services.sockets);
    socket.on("message", (data: Buffer) => session.receive(data));
    socket.on("close", () => session.end());
  });
}
