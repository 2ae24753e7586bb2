package io.s3dlio.testkit.fault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.s3dlio.testkit.fault.Fault.Moment;
import io.s3dlio.testkit.fault.FaultProxy.Strike;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection of a client, and the one to the server that belongs to it. */
final class ProxiedConnection {

  /** Longest silence of a server; a test that waits as long has failed already. */
  private static final int SERVER_SILENCE_MILLIS = 60_000;

  private static final byte[] GO_ON = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

  private final FaultProxy proxy;
  private final int number;
  private final Socket client;
  private final URI address;
  private volatile Socket server;
  private InputStream fromClient;
  private OutputStream toClient;
  private InputStream fromServer;
  private OutputStream toServer;

  ProxiedConnection(FaultProxy proxy, int number, Socket client, URI address) {
    this.proxy = proxy;
    this.number = number;
    this.client = client;
    this.address = address;
  }

  /** Serves until one side goes away or a fault ends it; then both are closed. */
  void run() {
    try {
      client.setTcpNoDelay(true);
      fromClient = new BufferedInputStream(client.getInputStream(), 1 << 16);
      toClient = new BufferedOutputStream(client.getOutputStream(), 1 << 16);
      boolean goesOn = true;
      while (goesOn) {
        Message request = Message.request(fromClient);
        if (request == null) {
          return;
        }
        Exchange exchange = new Exchange(number, request);
        proxy.arrived(exchange);
        goesOn = serve(exchange, request);
      }
    } catch (IOException e) {
      // One side went away: so does the other.
    } finally {
      close();
    }
  }

  /** Tells whether the connection goes on. */
  private boolean serve(Exchange exchange, Message request) throws IOException {
    Optional<Strike> onRequest = proxy.strike(exchange, false);
    if (onRequest.isPresent() && onRequest.get().fault().at() == Moment.REQUEST) {
      Fault fault = onRequest.get().fault();
      if (fault instanceof Fault.Reply reply) {
        return refuse(exchange, request, reply);
      }
      if (!survives(exchange, fault)) {
        return false;
      }
    }
    connect();
    toServer.write(request.headBytes());
    toServer.flush();
    Message answer = null;
    if (request.header("expect").isPresent() && request.length() > 0) {
      answer = goOnOrAnswer(exchange);
    }
    boolean refused = answer != null;
    if (!refused) {
      if (!move(exchange, onRequest, request, toServer)) {
        return false;
      }
      answer = Message.answer(fromServer, exchange.method());
    }
    exchange.answered(answer.status(), answer.length());
    return answer(exchange, answer) && !refused && !answer.closes() && !request.closes();
  }

  private void connect() throws IOException {
    if (server == null) {
      server = new Socket(address.getHost(), address.getPort());
      server.setTcpNoDelay(true);
      server.setSoTimeout(SERVER_SILENCE_MILLIS);
      fromServer = new BufferedInputStream(server.getInputStream(), 1 << 16);
      toServer = new BufferedOutputStream(server.getOutputStream(), 1 << 16);
    }
    if (client.isClosed()) {
      throw new IOException("closed meanwhile");
    }
  }

  /** The answer of a server that does not want the body; null if it does. */
  private Message goOnOrAnswer(Exchange exchange) throws IOException {
    Message answer = Message.answer(fromServer, exchange.method());
    if (answer.status() != 100) {
      return answer;
    }
    toClient.write(GO_ON);
    toClient.flush();
    return null;
  }

  private boolean answer(Exchange exchange, Message answer) throws IOException {
    Optional<Strike> strike = proxy.strike(exchange, true);
    Fault fault = strike.map(Strike::fault).orElse(null);
    if (fault instanceof Fault.Reply reply) {
      answer.body().readNBytes((int) answer.length());
      exchange.fired(reply);
      send(exchange, reply, List.of());
      return true;
    }
    if (fault != null && fault.at() == Moment.ANSWER && !survives(exchange, fault)) {
      return false;
    }
    if (fault instanceof Fault.Shorten) {
      Message shortened = answer.shortened(strike.get().choice().at(answer.length()));
      exchange.fired(fault);
      toClient.write(shortened.headBytes());
      BodyMover.move(shortened.body(), shortened.length(), toClient, BodyMover.NO_LIMIT);
      BodyMover.move(
          answer.body(),
          answer.length() - shortened.length(),
          OutputStream.nullOutputStream(),
          BodyMover.NO_LIMIT);
      return true;
    }
    toClient.write(answer.headBytes());
    return move(exchange, strike, answer, toClient);
  }

  /** Moves a body, and harms it if that is to be; tells whether the connection goes on. */
  private boolean move(Exchange exchange, Optional<Strike> strike, Message message, OutputStream to)
      throws IOException {
    if (strike.isEmpty() || !strike.get().fault().at().inBody()) {
      BodyMover.move(message.body(), message.length(), to, BodyMover.NO_LIMIT);
      return true;
    }
    Fault fault = strike.get().fault();
    if (fault instanceof Fault.Throttle throttle) {
      exchange.fired(fault);
      BodyMover.move(message.body(), message.length(), to, throttle.bytesPerSecond());
      return true;
    }
    long at = strike.get().choice().at(message.length());
    BodyMover.move(message.body(), at, to, BodyMover.NO_LIMIT);
    if (fault instanceof Fault.Flip) {
      int b = message.body().read();
      if (b < 0) {
        return false;
      }
      to.write(b ^ strike.get().choice().bit());
      to.flush();
      exchange.fired(fault);
      BodyMover.move(message.body(), message.length() - at - 1, to, BodyMover.NO_LIMIT);
      return true;
    }
    return survives(exchange, fault);
  }

  /** Does what is not about bytes; tells whether the connection goes on. */
  private boolean survives(Exchange exchange, Fault fault) throws IOException {
    exchange.fired(fault);
    if (fault instanceof Fault.Delay delay) {
      BodyMover.pause(delay.time());
      return true;
    }
    if (fault instanceof Fault.Stall) {
      while (fromClient.read() >= 0) {
        continue; // what it still sends goes nowhere
      }
    } else if (fault instanceof Fault.Cut cut && cut.reset()) {
      client.setSoLinger(true, 0);
    }
    return false;
  }

  /** Answers what the server never hears of. */
  private boolean refuse(Exchange exchange, Message request, Fault.Reply reply) throws IOException {
    boolean waits = request.header("expect").isPresent() && request.length() > 0;
    if (!waits) {
      BodyMover.move(
          request.body(), request.length(), OutputStream.nullOutputStream(), BodyMover.NO_LIMIT);
    }
    exchange.fired(reply);
    send(exchange, reply, waits ? List.of("Connection: close") : List.of());
    return !waits;
  }

  private void send(Exchange exchange, Fault.Reply reply, List<String> more) throws IOException {
    String code =
        switch (reply.status()) {
          case 429 -> "TooManyRequests";
          case 500 -> "InternalError";
          case 503 -> "SlowDown";
          default -> "Injected";
        };
    byte[] body =
        exchange.method().equals("HEAD")
            ? new byte[0]
            : "<Error><Code>%s</Code><Message>injected</Message></Error>"
                .formatted(code)
                .getBytes(US_ASCII);
    List<String> headers = new ArrayList<>(more);
    headers.add("Content-Type: application/xml");
    reply.retryAfter().map(Duration::toSeconds).ifPresent(s -> headers.add("Retry-After: " + s));
    Message answer = Message.of("HTTP/1.1 " + reply.status() + " Injected", headers, body);
    toClient.write(answer.headBytes());
    toClient.write(body);
    toClient.flush();
  }

  /** Ends both connections; from any thread. */
  void close() {
    for (Socket socket : new Socket[] {client, server}) {
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        // It is gone, which is what was wanted.
      }
    }
  }
}
