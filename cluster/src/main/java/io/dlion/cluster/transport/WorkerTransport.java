package io.dlion.cluster.transport;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Optional;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.BasicTCP;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' transport over TCP with connections that know whose they are, and messages that are only
 * believed from there: what {@link org.jgroups.protocols.TCP} does, with a {@link WorkerServer} for
 * its server.
 */
final class WorkerTransport extends BasicTCP {
  private final InetSocketAddress bind;
  private final Speakers speakers;
  private @Nullable WorkerServer server;

  WorkerTransport(InetSocketAddress bind, Speakers speakers) {
    this.bind = bind;
    this.speakers = speakers;
    setBindAddress(bind.getAddress()).setBindPort(bind.getPort()).setPortRange(0);
  }

  private Optional<WorkerServer> running() {
    return Optional.ofNullable(server);
  }

  /** In place of the policy that JGroups makes here, whatever was set before. */
  @Override
  public void init() throws Exception {
    super.init();
    ProvenSources policy = new ProvenSources(speakers);
    policy.init(this);
    msgProcessingPolicy(policy);
  }

  @Override
  public void start() throws Exception {
    WorkerServer made =
        new WorkerServer(getThreadFactory(), getSocketFactory(), bind.getAddress(), bind.getPort());
    made.peerAddressReadTimeout(peer_addr_read_timeout)
        .usePeerConnections(true)
        .receiver(this)
        .timeService(time_service)
        .socketConnectionTimeout(sock_conn_timeout)
        .tcpNodelay(tcp_nodelay)
        .clientBindAddress(client_bind_addr)
        .clientBindPort(client_bind_port)
        .deferClientBinding(defer_client_bind_addr)
        .log(log)
        .addConnectionListener(this);
    if (send_buf_size > 0) {
      made.sendBufferSize(send_buf_size);
    }
    server = made;
    super.start();
  }

  @Override
  public void stop() {
    super.stop();
    running().ifPresent(Util::close);
  }

  @Override
  protected void handleConnect() throws Exception {
    if (server != null) {
      server.start();
    }
    connected = true;
    super.handleConnect();
  }

  @Override
  protected void handleDisconnect() {
    super.handleDisconnect();
    connected = false;
    running().ifPresent(WorkerServer::stop);
  }

  @Override
  public void send(Address to, byte[] bytes, int offset, int length) throws Exception {
    if (server != null) {
      server.send(to, bytes, offset, length);
    }
  }

  @Override
  protected @Nullable PhysicalAddress getPhysicalAddress() {
    return server == null ? null : (PhysicalAddress) server.localAddress();
  }

  @Override
  public void retainAll(Collection<Address> members) {
    running().ifPresent(s -> s.retainAll(members, is_member));
  }

  @Override
  public WorkerTransport clearConnections(boolean graceful) {
    running().ifPresent(s -> s.clearConnections(graceful));
    return this;
  }

  @Override
  public String printConnections() {
    return running().map(WorkerServer::printConnections).orElse("");
  }
}
