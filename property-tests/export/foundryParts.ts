/**
 * The parts of an exported Foundry test that are the same in every file.
 */

/** Foundry's cheatcodes that a test needs, and the test tokens. */
export const FOUNDRY_CHEATS = `/// The few of Foundry's cheatcodes that the test needs.
interface ICheats {
    function warp(uint256 timestampSeconds) external;
    function chainId(uint256 id) external;
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function toString(uint256 value) external pure returns (string memory);
    function toString(bytes calldata value) external pure returns (string memory);
}

/// All test tokens; some of them return nothing.
interface ITestToken {
    function mint(address to, uint256 amount) external;
    function approve(address spender, uint256 amount) external;
    function balanceOf(address holder) external view returns (uint256);
}`

const COMMON = `    function _create(bytes memory code) private returns (address created) {
        assembly {
            created := create(0, add(code, 32), mload(code))
        }
    }

    /// Signatures and ids are bytes that hold for these addresses only.
    function _stands(address created, address expected) private pure {
        require(created == expected, "a contract was deployed at another address");
    }

    function _must(address to, bytes memory data) private {
        (bool ok, ) = to.call(data);
        require(ok, "a call that prepares the test reverted");
    }

    function _send(
        uint256 atSeconds,
        address from,
        address to,
        bytes memory data
    ) private returns (bool ok, bytes memory answer) {
        cheats.warp(atSeconds);
        cheats.prank(from);
        (ok, answer) = to.call(data);
    }

    /// Word \`word\` of what a view call answers.
    function _read(
        address target,
        bytes memory data,
        uint256 word
    ) private view returns (uint256 value) {
        (bool ok, bytes memory answer) = target.staticcall(data);
        require(ok && answer.length >= (word + 1) * 32, "a view call failed");
        assembly {
            value := mload(add(add(answer, 32), mul(word, 32)))
        }
    }`

/** Steps and figures as the model predicts them. */
export const FOUNDRY_ACCEPTING = `${COMMON}

    function _accepts(
        string memory step,
        uint256 atSeconds,
        address from,
        address to,
        bytes memory data
    ) private {
        (bool ok, bytes memory answer) = _send(atSeconds, from, to, data);
        if (ok) return;
        string memory reason = cheats.toString(answer);
        revert(string.concat(step, ": model accepts, contract refuses with ", reason));
    }

    /// An empty \`refusal\` is any.
    function _refuses(
        string memory step,
        uint256 atSeconds,
        address from,
        address to,
        bytes memory data,
        string memory refusal
    ) private {
        (bool ok, bytes memory answer) = _send(atSeconds, from, to, data);
        require(!ok, string.concat(step, ": model refuses with ", refusal, ", contract accepts"));
        bytes4 selector = bytes4(keccak256(bytes(refusal)));
        if (bytes(refusal).length == 0 || bytes4(answer) == selector) return;
        string memory reason = cheats.toString(answer);
        revert(string.concat(step, ": model refuses with ", refusal, ", contract with ", reason));
    }

    function _holds(
        string memory what,
        address token,
        address holder,
        uint256 expected
    ) private view {
        _same(what, ITestToken(token).balanceOf(holder), expected);
    }

    function _shows(
        string memory what,
        address target,
        bytes memory data,
        uint256 word,
        uint256 expected
    ) private view {
        _same(what, _read(target, data, word), expected);
    }

    function _same(string memory what, uint256 value, uint256 expected) private pure {
        if (value == expected) return;
        string memory model = cheats.toString(expected);
        string memory contractSays = cheats.toString(value);
        revert(string.concat(what, ": model ", model, ", contract ", contractSays));
    }`

/** Steps and figures as the contract had them when the claim was broken. */
export const FOUNDRY_REPEATING = `    /// Whether everything so far was as the trace has it.
    bool private again = true;

${COMMON}

    function _does(
        uint256 atSeconds,
        address from,
        address to,
        bytes memory data,
        bool accepted
    ) private {
        (bool ok, ) = _send(atSeconds, from, to, data);
        again = again && ok == accepted;
    }

    function _holds(address token, address holder, uint256 then) private {
        again = again && ITestToken(token).balanceOf(holder) == then;
    }

    function _shows(address target, bytes memory data, uint256 word, uint256 then) private {
        again = again && _read(target, data, word) == then;
    }`
