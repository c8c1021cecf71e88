package io.dlion.cluster.desk.direct;

import io.dlion.cluster.desk.Contact;
import io.dlion.cluster.desk.DeskClient;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.transport.SeedHosts;
import java.io.DataOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Asks the desks of the seeds, and nobody else's. Safe for several threads. */
public final class DirectClient implements DeskClient {
  private static final int CONNECT_MILLIS_MAX = 2_000;

  private final SeedHosts seeds;
  private final Optional<Credentials> credentials;
  private final Consumer<String> say;
  private final Map<UUID, InetSocketAddress> addresses = new ConcurrentHashMap<>();

  /**
   * Has asked nobody.
   *
   * @param credentials empty without encryption
   * @param say is told of seeds that have no address
   */
  public DirectClient(SeedHosts seeds, Optional<Credentials> credentials, Consumer<String> say) {
    this.seeds = seeds;
    this.credentials = credentials;
    this.say = say;
  }

  @Override
  public List<Contact> contacts(Duration wait) {
    return seeds.all().stream()
        .flatMap(s -> addresses(s).stream())
        .distinct()
        .map(this::at)
        .toList();
  }

  private List<InetSocketAddress> addresses(SeedHosts.Seed seed) {
    try {
      return Arrays.stream(InetAddress.getAllByName(seed.host()))
          .map(host -> new InetSocketAddress(host, seed.port()))
          .toList();
    } catch (UnknownHostException e) {
      say.accept("--seeds: no such host: " + seed.host());
      return List.of();
    }
  }

  private Contact at(InetSocketAddress address) {
    String name = address.getAddress().getHostAddress() + ":" + address.getPort();
    UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    addresses.put(id, address);
    return new Contact(name, id);
  }

  @Override
  public InputStream ask(Contact to, byte[] request) throws IOException {
    InetSocketAddress worker = addresses.get(to.id());
    if (worker == null) {
      throw new IOException("unknown contact " + to.name());
    }
    Socket socket =
        credentials.isPresent()
            ? credentials.get().deskContext().getSocketFactory().createSocket()
            : new Socket();
    try {
      socket.connect(
          new InetSocketAddress(worker.getAddress(), worker.getPort() + DirectDesk.PORT_OFFSET),
          CONNECT_MILLIS_MAX);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(request.length);
      out.write(request);
      out.flush();
      return new FilterInputStream(socket.getInputStream()) {
        @Override
        public void close() throws IOException {
          socket.close();
        }
      };
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void close() {}
}
