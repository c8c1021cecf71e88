/** {@code dlion certs}: a private certificate authority and a certificate for each worker. */
@NullMarked
package io.dlion.cli.certs;

import org.jspecify.annotations.NullMarked;
