// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {SessionEscrowAsDescribed} from "../../src/session-escrow/SessionEscrowAsDescribed.sol";

/// @title PushFailureReverts
/// @notice BROKEN ON PURPOSE. One share that cannot be paid takes the whole settlement down.
/// @dev Imitates: push payments to several receivers in one transaction, where a single blocklisted
/// address froze the money of all. Caught by INV-RECIPIENT-ISOLATION with a token that refuses one
/// of the recipients.
contract PushFailureReverts is SessionEscrowAsDescribed {
    using SafeERC20 for IERC20;

    constructor(Deployment memory deployment) SessionEscrowAsDescribed(deployment) {}

    function _pushOrDefer(
        bytes32,
        Session storage s,
        address owner,
        uint256 amount
    ) internal override returns (uint128) {
        if (amount > 0) IERC20(s.token).safeTransfer(owner, amount);
        return 0;
    }
}
