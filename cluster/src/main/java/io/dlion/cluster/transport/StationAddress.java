package io.dlion.cluster.transport;

import io.dlion.cluster.line.Station;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.UUID;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;

/**
 * Where JGroups sends messages to: a station. Two are equal if they are of one process, wherever it
 * may be reached.
 */
public final class StationAddress implements PhysicalAddress {
  private static final short MAGIC = 2001;

  private Station station;

  static {
    ClassConfigurator.add(MAGIC, StationAddress.class);
  }

  /** For JGroups, which reads it then. */
  public StationAddress() {
    this(new Station(new UUID(0, 0), "", List.of()));
  }

  StationAddress(Station station) {
    this.station = station;
  }

  Station station() {
    return station;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    station.write(out);
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    station = Station.read(in);
  }

  @Override
  public int serializedSize() {
    int bytes = 2 * Long.BYTES + Short.BYTES + 3 * station.name().length() + 1;
    return bytes
        + station.endpoints().stream().mapToInt(e -> 2 * Short.BYTES + 3 * e.host().length()).sum()
        + station.endpoints().size();
  }

  @Override
  public int compareTo(Address other) {
    return other instanceof StationAddress a ? station.id().compareTo(a.station.id()) : -1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StationAddress a && station.id().equals(a.station.id());
  }

  @Override
  public int hashCode() {
    return station.id().hashCode();
  }

  @Override
  public String toString() {
    return station.toString();
  }

  @Override
  public String printIpAddress() {
    return toString();
  }

  /** Of no use: lines know where to go. */
  @Override
  public InetAddress getIpAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public int getPort() {
    return 0;
  }
}
