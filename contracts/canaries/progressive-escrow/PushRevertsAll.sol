// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {
    ProgressiveEscrowHardened
} from "../../src/progressive-escrow/ProgressiveEscrowHardened.sol";

/// @title PushRevertsAll
/// @notice BROKEN ON PURPOSE. One share that cannot be pushed takes the whole action down.
/// @dev Imitates: push payments to several receivers in one transaction, where one blocklisted
/// address froze the money of all. Caught by INV-RECIPIENT-ISOLATION with a token that refuses one
/// of the recipients.
contract PushRevertsAll is ProgressiveEscrowHardened {
    using SafeERC20 for IERC20;

    constructor(Deployment memory deployment) ProgressiveEscrowHardened(deployment) {}

    function _pushOrDefer(
        bytes32,
        Session storage s,
        address party,
        uint256 amount
    ) internal override returns (uint256) {
        if (amount > 0) IERC20(s.token).safeTransfer(party, amount);
        return 0;
    }
}
