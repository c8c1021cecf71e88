/** What must hold in a run with a server, worked out from messages a second time. */
@NullMarked
package io.dlion.emulator.check.server;

import org.jspecify.annotations.NullMarked;
