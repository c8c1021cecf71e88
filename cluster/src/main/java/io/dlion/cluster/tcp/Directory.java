package io.dlion.cluster.tcp;

import io.dlion.cluster.group.Acquaintances;
import io.dlion.cluster.group.Hello;
import io.dlion.core.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jgroups.Address;
import org.jgroups.View;

/**
 * Who is who at the moment: to be looked up without waiting for anything.
 *
 * @param members those who take part
 * @param control their addresses on the channel of small messages
 * @param bulk their addresses on the other
 * @param byAddress whose an address is, of either channel
 */
record Directory(
    Set<WorkerId> members,
    Map<WorkerId, Address> control,
    Map<WorkerId, Address> bulk,
    Map<Address, WorkerId> byAddress) {
  static final Directory EMPTY = new Directory(Set.of(), Map.of(), Map.of(), Map.of());

  /** Those who have said who they are. */
  static Directory of(Acquaintances acquaintances) {
    Map<WorkerId, Address> control = new TreeMap<>();
    Map<WorkerId, Address> bulk = new TreeMap<>();
    Map<Address, WorkerId> byAddress = new HashMap<>();
    for (Hello hello : acquaintances.memberHellos()) {
      Address ofControl = address(hello.incarnation());
      Address ofBulk = address(hello.bulk());
      control.put(hello.name(), ofControl);
      bulk.put(hello.name(), ofBulk);
      byAddress.put(ofControl, hello.name());
      byAddress.put(ofBulk, hello.name());
    }
    return new Directory(acquaintances.members(), control, bulk, byAddress);
  }

  static List<UUID> uuids(View view) {
    List<UUID> uuids = new ArrayList<>();
    view.getMembers().forEach(address -> uuids.add(uuid(address)));
    return uuids;
  }

  static UUID uuid(Address address) {
    org.jgroups.util.UUID id = (org.jgroups.util.UUID) address;
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  static Address address(UUID id) {
    return new org.jgroups.util.UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
