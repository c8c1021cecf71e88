/** Who is in the group: hellos, and what follows from them. Pure. */
@NullMarked
package io.dlion.cluster.group;

import org.jspecify.annotations.NullMarked;
